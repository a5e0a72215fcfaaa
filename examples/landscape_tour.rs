//! One picture per family of landscapes: contour lines, the direction of descent, and the critical points by index.
//!
//! Contour lines are at equal areas, so that a ravine and a plateau can both be read. Arrows point down. Points are those
//! that Newton's method finds, and the stated minima where there is no derivative:
//! a filled disc is a minimum, a cross a saddle, a ring a maximum, a grey square a degenerate point.
//!
//! Run it with `cargo run --release --example landscape_tour -- FOLDER`; without a folder, pictures go to
//! `target/landscape_tour`.

use std::fmt::Write as _;
use std::path::PathBuf;

use thalweg::landscapes::analysis::{
    Search, Slice, Surface, contour_levels, contour_lines, critical_points, field,
};
use thalweg::landscapes::{Landscape, Result, Site, parse};

/// Families, each with landscapes of two coordinates.
const TOUR: [(&str, &[&str]); 7] = [
    (
        "saddle",
        &[
            "double_well_2d",
            "monkey_saddle",
            "monkey_confined",
            "psd_degenerate_saddle",
            "muller_brown",
            "saddle_chain(n=2)",
        ],
    ),
    (
        "ravine",
        &[
            "rosenbrock",
            "beale",
            "cube",
            "rotate(ellipsoid(n=2, condition=100), seed=3)",
            "zakharov(n=2)",
            "levy(n=2)",
        ],
    ),
    (
        "plateau",
        &[
            "easom",
            "log_rosenbrock",
            "tanh_flats(n=2)",
            "sigmoid_neuron",
            "geman_mcclure(n=2)",
            "picheny_log_gp",
        ],
    ),
    ("multimodal", &["himmelblau", "six_hump_camel", "branin", "bird", "ackley(n=2)", "styblinski_tang(n=2)"]),
    (
        "mgh",
        &[
            "mgh(problem=2)",
            "mgh(problem=6)",
            "mgh(problem=20, n=2)",
            "mgh(problem=26, n=2)",
            "mgh(problem=30, n=2)",
            "mgh(problem=35, n=2)",
        ],
    ),
    ("bbob", &["bbob(f=2)", "bbob(f=6)", "bbob(f=12)", "bbob(f=13)", "bbob(f=20)", "bbob(f=21)"]),
    (
        "network",
        &[
            "deep_linear(depth=2, width=1)",
            "matrix_factorization(rows=1, columns=1, rank=1)",
            "phase_retrieval(n=2)",
            "spin_glass(n=2, seed=4)",
        ],
    ),
];

const PANEL: f64 = 320.0;
const MARGIN: f64 = 24.0;
const COLUMNS: usize = 3;
const LEVELS: usize = 14;

/// Places of the box in the pixels of one panel.
struct Frame {
    left: f64,
    top: f64,
    ranges: [[f64; 2]; 2],
}

impl Frame {
    fn x(&self, s: f64) -> f64 {
        let [low, high] = self.ranges[0];
        self.left + PANEL * (s - low) / (high - low)
    }

    fn y(&self, t: f64) -> f64 {
        let [low, high] = self.ranges[1];
        self.top + PANEL * (high - t) / (high - low)
    }
}

/// A marked point: its place, Morse index and nullity.
struct Mark([f64; 2], usize, usize);

/// What there is to mark: found where there are derivatives, stated where there are not.
fn marks(landscape: &Landscape, surface: &Surface) -> Result<Vec<Mark>> {
    let found = critical_points(surface, landscape.bounds(), &Search::default())?;
    let stated = landscape.minima().filter(|m| m.site != Site::Smooth);
    let stated = stated.map(|m| Mark([m.x[0], m.x[1]], 0, 0));
    Ok(found.iter().map(|p| Mark([p.x[0], p.x[1]], p.index, p.nullity)).chain(stated).collect())
}

/// Draws one landscape, and gives the number of its contour lines.
fn panel(
    svg: &mut String,
    frame: &Frame,
    landscape: &Landscape,
    surface: &Surface,
    marks: &[Mark],
) -> Result<usize> {
    let slice = Slice::axes(&[0.0, 0.0], landscape.bounds(), 0, 1);
    let grid = field(surface, &slice, 121, 121)?;
    let levels = contour_levels(&grid.values, LEVELS);
    let mut lines = 0;
    for (k, level) in levels.iter().enumerate() {
        let shade = 40 + 150 * k / levels.len();
        for line in contour_lines(&grid, *level) {
            lines += 1;
            let mut path = String::new();
            for [s, t] in line {
                let _ = write!(path, "{:.1},{:.1} ", frame.x(s), frame.y(t));
            }
            let _ = writeln!(svg, "<polyline points=\"{path}\" stroke=\"rgb({shade},{shade},220)\"/>");
        }
    }
    let arrows = field(surface, &slice, 17, 17)?;
    for ([s, t], [gs, gt]) in arrows.places.iter().zip(&arrows.gradients) {
        // In pixels, and all of one length: the contour lines tell how steep it is.
        let (dx, dy) = (-gs / (frame.x(1.0) - frame.x(0.0)), -gt / (frame.y(1.0) - frame.y(0.0)));
        let length = dx.hypot(dy);
        if length > 0.0 && length.is_finite() {
            let (x, y, to) = (frame.x(*s), frame.y(*t), 8.0 / length);
            let _ = writeln!(
                svg,
                "<line x1=\"{x:.1}\" y1=\"{y:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" marker-end=\"url(#tip)\"/>",
                x + to * dx,
                y + to * dy
            );
        }
    }
    for Mark([s, t], index, nullity) in marks {
        let (x, y) = (frame.x(*s), frame.y(*t));
        let _ = match (index, nullity) {
            (0, 0) => {
                writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"#0a7d32\" stroke=\"none\"/>")
            }
            (1, 0) => {
                writeln!(
                    svg,
                    "<path d=\"M{x:.1} {y:.1}m-4 -4l8 8m0 -8l-8 8\" stroke=\"#c44900\" stroke-width=\"2.5\"/>"
                )
            }
            (_, 0) => writeln!(
                svg,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" stroke=\"#b00020\" stroke-width=\"2.5\"/>"
            ),
            _ => writeln!(
                svg,
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"7\" height=\"7\" fill=\"#777\"/>",
                x - 3.5,
                y - 3.5
            ),
        };
    }
    Ok(lines)
}

fn picture(family: &str, texts: &[&str]) -> Result<String> {
    let (width, row) = (MARGIN + COLUMNS as f64 * (PANEL + MARGIN), PANEL + 2.0 * MARGIN);
    let height = MARGIN + texts.len().div_ceil(COLUMNS) as f64 * row;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"13\" fill=\"none\" stroke=\"#999\">\n<defs><marker id=\"tip\" markerWidth=\"5\" markerHeight=\"5\" \
         refX=\"4\" refY=\"2\" orient=\"auto\"><path d=\"M0 0L4 2L0 4z\" fill=\"#999\" stroke=\"none\"/></marker></defs>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"white\" stroke=\"none\"/>\n"
    );
    for (k, text) in texts.iter().enumerate() {
        let landscape = parse(text)?;
        let surface = Surface::of(&landscape);
        let bounds = landscape.bounds();
        let left = MARGIN + (k % COLUMNS) as f64 * (PANEL + MARGIN);
        let top = 2.0 * MARGIN + (k / COLUMNS) as f64 * row;
        let frame = Frame { left, top, ranges: [bounds[0], bounds[1]] };
        let _ = writeln!(
            svg,
            "<clipPath id=\"c{k}\"><rect x=\"{left}\" y=\"{top}\" width=\"{PANEL}\" height=\"{PANEL}\"/></clipPath>"
        );
        let _ = writeln!(
            svg,
            "<text x=\"{left}\" y=\"{}\" fill=\"black\" stroke=\"none\">{landscape}</text>",
            top - 6.0
        );
        let _ = writeln!(svg, "<g clip-path=\"url(#c{k})\">");
        let marks = marks(&landscape, &surface)?;
        let lines = panel(&mut svg, &frame, &landscape, &surface, &marks)?;
        assert!(lines >= LEVELS, "{text} has {lines} contour lines at {LEVELS} levels");
        let _ = writeln!(svg, "</g>\n<rect x=\"{left}\" y=\"{top}\" width=\"{PANEL}\" height=\"{PANEL}\"/>");

        let count = |kind: &dyn Fn(&Mark) -> bool| marks.iter().filter(|m| kind(m)).count();
        println!(
            "{family:<11} {text:<52} {:>3} minima {:>3} saddles {:>3} maxima {:>3} degenerate",
            count(&|m| m.1 == 0 && m.2 == 0),
            count(&|m| m.1 == 1 && m.2 == 0),
            count(&|m| m.1 == 2),
            count(&|m| m.2 > 0),
        );
    }
    svg += "</svg>\n";
    Ok(svg)
}

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).map_or_else(|| PathBuf::from("target/landscape_tour"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    for (family, texts) in TOUR {
        let path = folder.join(format!("{family}.svg"));
        std::fs::write(&path, picture(family, texts)?)?;
        println!("{}", path.display());
    }
    Ok(())
}
