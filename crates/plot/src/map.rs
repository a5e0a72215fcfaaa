//! A landscape seen from above.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::axis::Axis;
use crate::chart::{Frame, top};
use crate::series::Series;
use crate::svg::{LEFT, colour, dash, escape, legend, legend_width, open, path, px, title};

/// What a point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A lowest minimum.
    Lowest,
    /// Another minimum.
    Minimum,
    /// A saddle, with its Morse index.
    Saddle(usize),
    /// A maximum.
    Maximum,
    /// A point without slope whose curvature does not tell what it is.
    Degenerate,
    /// Where runs start.
    Start,
}

/// Values on a grid, drawn as shades: the lower, the lighter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shade {
    /// How many places along the horizontal axis.
    pub columns: usize,
    /// The values, row by row from the lowest ordinate.
    pub values: Vec<f64>,
    /// The levels between shades, in increasing order.
    pub levels: Vec<f64>,
}

/// A map: shades, contour lines, marked points, and ways through it.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// What it shows.
    pub title: String,
    /// What is to be seen in it, for those who do not see it.
    pub description: String,
    /// What stands beside the axes.
    pub labels: [String; 2],
    /// The intervals that are seen.
    pub ranges: [[f64; 2]; 2],
    /// The shades.
    pub shade: Option<Shade>,
    /// Contour lines.
    pub contours: Vec<Vec<[f64; 2]>>,
    /// Arrows: where each stands, and the direction in which it points. All have one length, since contour lines tell how
    /// steep it is; one without a direction is not drawn.
    pub arrows: Vec<[[f64; 2]; 2]>,
    /// Marked points.
    pub marks: Vec<([f64; 2], Mark)>,
    /// Ways.
    pub ways: Vec<Series>,
    /// Width and height in pixels.
    pub size: [f64; 2],
    /// Whether there is a legend of the ways.
    pub legend: bool,
}

impl Map {
    /// A map of nothing yet.
    pub fn new(title: &str, ranges: [[f64; 2]; 2]) -> Self {
        Map {
            title: title.into(),
            description: String::new(),
            labels: ["x₁".into(), "x₂".into()],
            ranges,
            shade: None,
            contours: vec![],
            arrows: vec![],
            marks: vec![],
            ways: vec![],
            size: [560.0, 520.0],
            legend: true,
        }
    }

    /// Where a place is on the picture, for pages that draw on it: left, top, right and bottom of the frame, in pixels.
    pub fn frame(&self) -> [f64; 4] {
        let frame = self.inner();
        [frame.left, frame.top, frame.right, frame.bottom]
    }

    fn inner(&self) -> Frame {
        let [width, height] = self.size;
        let names = self.ways.iter().filter(|_| self.legend).map(|way| way.name.as_str());
        let side = legend_width(names);
        Frame { left: LEFT, top: top(&self.title), right: width - side, bottom: height - 48.0 }
    }

    /// The picture.
    pub fn svg(&self) -> String {
        let [width, height] = self.size;
        let frame = self.inner();
        let axes = [0, 1].map(|k| Axis::linear(&self.labels[k]).from_to(self.ranges[k][0], self.ranges[k][1]));
        let fitted = [axes[0].fit(std::iter::empty()), axes[1].fit(std::iter::empty())];
        let at = |[x, y]: [f64; 2]| {
            // Far beyond the frame is as good as anywhere beyond it, and keeps the picture small.
            let near = |x: f64, low: f64, high: f64| x.clamp(low - 2000.0, high + 2000.0);
            let x = frame.left + fitted[0].place(x) * (frame.right - frame.left);
            let y = frame.bottom - fitted[1].place(y) * (frame.bottom - frame.top);
            [near(x, frame.left, frame.right), near(y, frame.top, frame.bottom)]
        };
        let mut svg = open(width, height, &self.title, &self.description);
        title(&mut svg, &self.title, frame.left);
        // Two maps on a page need clips of different names, unless these are the same.
        let places = self.frame().into_iter().flat_map(f64::to_le_bytes);
        let hash = places.fold(7u64, |h, b| h.wrapping_mul(31).wrapping_add(u64::from(b)));
        let clip = format!("clip{hash:x}");
        let (w, h) = (frame.right - frame.left, frame.bottom - frame.top);
        let _ = write!(
            svg,
            "<clipPath id=\"{clip}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath>",
            px(frame.left),
            px(frame.top),
            px(w),
            px(h)
        );
        if let Some(image) = self.shade.as_ref().and_then(Shade::image) {
            let _ = write!(
                svg,
                "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" href=\"data:image/png;base64,{image}\"/>",
                px(frame.left),
                px(frame.top),
                px(w),
                px(h)
            );
        }
        frame.axes(&mut svg, (&axes[0], fitted[0]), (&axes[1], fitted[1]));
        let _ = write!(svg, "<g clip-path=\"url(#{clip})\"><path class=\"contour\" d=\"");
        for line in &self.contours {
            svg.push_str(&path(&line.iter().map(|p| at(*p)).collect::<Vec<_>>()));
        }
        svg.push_str("\"/>");
        if !self.arrows.is_empty() {
            let _ = write!(svg, "<path class=\"contour arrow\" d=\"");
            let per_unit = [0, 1].map(|k| [w, -h][k] / (self.ranges[k][1] - self.ranges[k][0]));
            for [place, direction] in &self.arrows {
                svg.push_str(&arrow(at(*place), [direction[0] * per_unit[0], direction[1] * per_unit[1]]));
            }
            svg.push_str("\"/>");
        }
        for (k, way) in self.ways.iter().enumerate() {
            let style = way.style.unwrap_or(k);
            let places: Vec<[f64; 2]> = way.points.iter().map(|p| at(*p)).collect();
            let data = path(&places);
            let _ = write!(
                svg,
                "<g class=\"series\" data-series=\"{}\"><path class=\"line\" stroke=\"{}\"{} d=\"{data}\"/>",
                escape(&way.name),
                colour(style),
                dash(style)
            );
            if let Some([x, y]) = places.last() {
                let _ = write!(
                    svg,
                    "<circle class=\"mark head\" cx=\"{}\" cy=\"{}\" r=\"4.5\" fill=\"{}\"/>",
                    px(*x),
                    px(*y),
                    colour(style)
                );
            }
            svg.push_str("</g>");
        }
        for (point, mark) in &self.marks {
            draw_mark(&mut svg, at(*point), *mark);
        }
        svg.push_str("</g>");
        if self.legend {
            let ways = self.ways.iter().enumerate();
            legend(
                &mut svg,
                ways.map(|(k, way)| (way.name.as_str(), way.style.unwrap_or(k))),
                [frame.right, frame.top],
            );
        }
        svg + "</svg>"
    }
}

/// A line of eight pixels with a head; nothing where there is no direction.
fn arrow([x, y]: [f64; 2], [right, down]: [f64; 2]) -> String {
    let length = right.hypot(down);
    if !(length > 0.0 && length.is_finite()) {
        return String::new();
    }
    let (right, down) = (right / length, down / length);
    let tip = [x + 8.0 * right, y + 8.0 * down];
    let wing = |side: f64| [tip[0] - 3.0 * right - 2.0 * side * down, tip[1] - 3.0 * down + 2.0 * side * right];
    path(&[[x, y], tip]) + &path(&[wing(1.0), tip, wing(-1.0)])
}

fn draw_mark(svg: &mut String, [x, y]: [f64; 2], mark: Mark) {
    let (title, shape) = match mark {
        Mark::Lowest => ("lowest minimum".to_string(), star(x, y, 8.0)),
        Mark::Minimum => ("minimum".to_string(), format!("M{} {}a5 5 0 1 0 .01 0Z", px(x), px(y - 5.0))),
        Mark::Saddle(index) => (
            format!("saddle of index {index}"),
            format!(
                "M{0} {1}l4 4l-4 4l4 4l4 -4l4 4l4 -4l-4 -4l4 -4l-4 -4l-4 4l-4 -4Z",
                px(x - 8.0),
                px(y - 4.0)
            ),
        ),
        Mark::Maximum => (
            "maximum".to_string(),
            // A ring: the inner circle goes the other way around.
            format!("M{0} {1}a6 6 0 1 0 .01 0ZM{0} {2}a3 3 0 1 1 -.01 0Z", px(x), px(y - 6.0), px(y - 3.0)),
        ),
        Mark::Degenerate => {
            ("degenerate point".to_string(), format!("M{} {}l5 5l-5 5l-5 -5Z", px(x), px(y - 5.0)))
        }
        Mark::Start => ("start".to_string(), format!("M{} {}h9v9h-9Z", px(x - 4.5), px(y - 4.5))),
    };
    let fill = match mark {
        Mark::Lowest => "var(--lowest,#228833)",
        Mark::Minimum => "var(--minimum,#66aa77)",
        Mark::Saddle(_) => "var(--saddle,#cc3311)",
        Mark::Maximum => "var(--maximum,#aa3377)",
        Mark::Degenerate => "var(--degenerate,#888888)",
        Mark::Start => "currentColor",
    };
    let _ = write!(svg, "<path class=\"mark\" fill=\"{fill}\" d=\"{shape}\"><title>{title}</title></path>");
}

/// A star of five points around a place.
fn star(x: f64, y: f64, radius: f64) -> String {
    let corner = |k: u32| {
        let r = if k.is_multiple_of(2) { radius } else { 0.45 * radius };
        let angle = std::f64::consts::PI * (f64::from(k) / 5.0 - 0.5);
        [x + r * angle.cos(), y + r * angle.sin()]
    };
    path(&(0..10).map(corner).collect::<Vec<_>>()) + "Z"
}

impl Shade {
    /// A picture of one blue whose strength tells the level, so that it goes with light and dark pages.
    fn image(&self) -> Option<String> {
        let rows = self.values.len() / self.columns.max(1);
        if rows == 0 || self.levels.is_empty() {
            return None;
        }
        let steps = self.levels.len() as f64;
        let strength = |value: f64| {
            let level = self.levels.partition_point(|own| *own < value) as f64;
            if value.is_nan() { 0 } else { (150.0 * level / steps) as u8 }
        };
        // Pictures count rows from the top.
        let pixels: Vec<u8> =
            self.values.chunks_exact(self.columns).rev().flatten().map(|v| strength(*v)).collect();
        let mut file = vec![];
        let mut encoder = png::Encoder::new(&mut file, self.columns as u32, rows as u32);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette([0x33, 0x66, 0xaa].repeat(256));
        encoder.set_trns((0..=255).collect::<Vec<u8>>());
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(&pixels).ok()?;
        drop(writer);
        Some(STANDARD.encode(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A map of a square in the frame of its own, without a title.
    fn square() -> Map {
        Map::new("", [[0.0, 1.0], [0.0, 2.0]])
    }

    #[test]
    fn arrows_have_one_length_and_point_up_where_ordinates_grow() {
        let [left, top, right, bottom] = square().frame();
        let (x, y) = ((left + right) / 2.0, (top + bottom) / 2.0);
        for (direction, tip) in
            [([0.0, 1e-9], [x, y - 8.0]), ([0.0, 3.0], [x, y - 8.0]), ([7.0, 0.0], [x + 8.0, y])]
        {
            let svg = Map { arrows: vec![[[0.5, 1.0], direction]], ..square() }.svg();
            let line = path(&[[x, y], tip]);
            assert!(svg.contains(&line), "{direction:?}: no {line}");
        }
    }

    #[test]
    fn an_arrow_without_a_direction_is_not_drawn() {
        for direction in [[0.0, 0.0], [f64::NAN, 1.0], [f64::INFINITY, 0.0]] {
            let svg = Map { arrows: vec![[[0.5, 1.0], direction]], ..square() }.svg();
            assert!(svg.contains("<path class=\"contour arrow\" d=\"\"/>"), "{direction:?}");
        }
    }

    #[test]
    fn every_mark_says_what_it_is_in_a_shape_of_its_own() {
        use Mark::{Degenerate, Lowest, Maximum, Minimum, Saddle, Start};
        let all = [Lowest, Minimum, Saddle(2), Maximum, Degenerate, Start];
        let drawn: Vec<String> = all
            .map(|mark| {
                let mut svg = String::new();
                draw_mark(&mut svg, [20.0, 20.0], mark);
                svg
            })
            .into();
        for (svg, name) in
            drawn.iter().zip(["lowest", "minimum", "saddle of index 2", "maximum", "degenerate", "start"])
        {
            assert!(svg.contains(&format!("<title>{name}")), "{svg}");
        }
        let shapes: std::collections::BTreeSet<&str> =
            drawn.iter().filter_map(|svg| svg.split(" d=").nth(1)?.split('>').next()).collect();
        assert_eq!(shapes.len(), all.len());
    }
}
