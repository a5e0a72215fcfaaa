//! One picture per family of landscapes: contour lines, the direction of descent, and the critical points by index.
//!
//! Contour lines are at equal areas, so that a ravine and a plateau can both be read; the darker, the higher. Arrows point
//! down. Points are those that Newton's method finds, and the stated minima where there is no derivative:
//! a disc is a minimum, a cross a saddle, a ring a maximum, a grey diamond a degenerate point.
//!
//! Run it with `cargo run --release --example landscape_tour -- FOLDER`; without a folder, pictures go to
//! `target/landscape_tour`.

use std::path::PathBuf;

use thalweg::landscapes::analysis::{
    Search, Slice, Surface, contour_levels, contour_lines, critical_points, field,
};
use thalweg::landscapes::{Landscape, Result, Site, parse};
use thalweg::plot::{Map, Mark, Shade, Sheet};

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

const LEVELS: usize = 14;
const GRID: usize = 121;

/// What there is to mark: found where there are derivatives, stated where there are not.
fn marks(landscape: &Landscape, surface: &Surface) -> Result<Vec<([f64; 2], Mark)>> {
    let found = critical_points(surface, landscape.bounds(), &Search::default())?;
    let found = found.iter().map(|p| {
        let mark = match (p.index, p.nullity) {
            (0, 0) => Mark::Minimum,
            (2, 0) => Mark::Maximum,
            (index, 0) => Mark::Saddle(index),
            _ => Mark::Degenerate,
        };
        ([p.x[0], p.x[1]], mark)
    });
    let stated = landscape.minima().filter(|m| m.site != Site::Smooth);
    Ok(found.chain(stated.map(|m| ([m.x[0], m.x[1]], Mark::Minimum))).collect())
}

/// The map of one landscape.
fn map(landscape: &Landscape) -> Result<Map> {
    let surface = Surface::of(landscape);
    let slice = Slice::axes(&[0.0, 0.0], landscape.bounds(), 0, 1);
    let grid = field(&surface, &slice, GRID, GRID)?;
    let levels = contour_levels(&grid.values, LEVELS);
    let mut map = Map::new(&landscape.to_string(), slice.ranges);
    map.size = [440.0, 440.0];
    map.contours = levels.iter().flat_map(|level| contour_lines(&grid, *level)).collect();
    assert!(map.contours.len() >= LEVELS, "{landscape} has {} contour lines", map.contours.len());
    map.shade = Some(Shade { columns: GRID, values: grid.values, levels });
    let slopes = field(&surface, &slice, 17, 17)?;
    let down = slopes.places.iter().zip(&slopes.gradients).map(|(place, [gs, gt])| [*place, [-gs, -gt]]);
    map.arrows = down.collect();
    map.marks = marks(landscape, &surface)?;
    Ok(map)
}

/// The maps of a family.
fn sheet(family: &str, texts: &[&str]) -> Result<Sheet> {
    let mut sheet = Sheet::new(family, 3).description(&format!("{} from above.", texts.join(", ")));
    for text in texts {
        let map = map(&parse(text)?)?;
        let count = |is: &dyn Fn(Mark) -> bool| map.marks.iter().filter(|(_, mark)| is(*mark)).count();
        println!(
            "{family:<11} {text:<52} {:>3} minima {:>3} saddles {:>3} maxima {:>3} degenerate",
            count(&|mark| mark == Mark::Minimum),
            count(&|mark| matches!(mark, Mark::Saddle(_))),
            count(&|mark| mark == Mark::Maximum),
            count(&|mark| mark == Mark::Degenerate),
        );
        sheet = sheet.with(&map);
    }
    Ok(sheet)
}

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).map_or_else(|| PathBuf::from("target/landscape_tour"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    for (family, texts) in TOUR {
        let path = folder.join(format!("{family}.svg"));
        std::fs::write(&path, sheet(family, texts)?.svg())?;
        println!("{}", path.display());
    }
    Ok(())
}
