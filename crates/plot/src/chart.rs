//! Lines over two axes.

use std::fmt::Write;

use crate::axis::{Axis, Fitted};
use crate::series::Series;
use crate::svg::{LEFT, LINE, colour, dash, escape, legend, legend_width, open, path, px, title, title_height};

/// A chart of lines and bands.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// What is to be seen in it, for those who do not see it.
    pub description: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The lines, from the first in the legend.
    pub series: Vec<Series>,
    /// Width and height in pixels, the legend included.
    pub size: [f64; 2],
    /// Whether there is a legend.
    pub legend: bool,
}

impl Chart {
    /// A chart without lines, 640 pixels wide.
    pub fn new(title: &str, x: Axis, y: Axis) -> Self {
        Chart {
            title: title.into(),
            description: String::new(),
            x,
            y,
            series: vec![],
            size: [640.0, 380.0],
            legend: true,
        }
    }

    /// With one more line.
    pub fn with(mut self, series: Series) -> Self {
        self.series.push(series);
        self
    }

    /// With a description for those who do not see it.
    pub fn description(self, text: &str) -> Self {
        Chart { description: text.into(), ..self }
    }

    /// Of another size.
    pub fn size(self, width: f64, height: f64) -> Self {
        Chart { size: [width, height], ..self }
    }

    /// Without a legend.
    pub fn without_legend(self) -> Self {
        Chart { legend: false, ..self }
    }

    /// The series that the legend names, each with its number.
    fn named(&self) -> impl Iterator<Item = (usize, &Series)> {
        self.series.iter().enumerate().filter(|(_, s)| self.legend && !s.name.is_empty())
    }

    /// The size that the picture has: as high as its legend at least.
    pub(crate) fn full_size(&self) -> [f64; 2] {
        let [width, height] = self.size;
        [width, height.max(top(&self.title) + self.named().count() as f64 * LINE + 20.0)]
    }

    /// The picture.
    pub fn svg(&self) -> String {
        let [width, height] = self.full_size();
        let side = legend_width(self.named().map(|(_, s)| s.name.as_str()));
        let frame = Frame { left: LEFT, top: top(&self.title), right: width - side, bottom: height - 48.0 };
        let bands = self.series.iter().flat_map(|s| s.band.iter().flatten());
        let x = self.x.fit(self.series.iter().flat_map(|s| s.points.iter().map(|p| p[0])));
        let y =
            self.y.fit(self.series.iter().flat_map(|s| s.points.iter().map(|p| p[1])).chain(bands.copied()));
        let mut svg = open(width, height, &self.title, &self.description);
        title(&mut svg, &self.title, frame.left);
        frame.axes(&mut svg, (&self.x, x), (&self.y, y));
        for (k, series) in self.series.iter().enumerate() {
            let style = series.style.unwrap_or(k);
            let at = |[px, py]: [f64; 2]| [frame.x(&x, px), frame.y(&y, py)];
            draw(&mut svg, series, style, at);
        }
        let shown = self.named().map(|(k, s)| (s.name.as_str(), s.style.unwrap_or(k)));
        legend(&mut svg, shown, [frame.right, frame.top]);
        svg + "</svg>"
    }
}

/// Where a frame begins below the title, or below a margin without one.
pub(crate) fn top(title: &str) -> f64 {
    title_height(title).max(14.0)
}

/// Draws a series through places.
fn draw(svg: &mut String, series: &Series, style: usize, at: impl Fn([f64; 2]) -> [f64; 2]) {
    let _ = write!(svg, "<g class=\"series\" data-series=\"{}\">", escape(&series.name));
    if !series.band.is_empty() {
        let side = |k: usize| series.points.iter().zip(&series.band).map(move |(p, band)| [p[0], band[k]]);
        let edge = line(side(1).map(&at), series.steps);
        let mut back = line(side(0).map(&at), series.steps);
        back.reverse();
        let both: Vec<[f64; 2]> =
            edge.into_iter().chain(back).filter(|p| p.iter().all(|x| x.is_finite())).collect();
        if !both.is_empty() {
            let _ = write!(svg, "<path class=\"band\" fill=\"{}\" d=\"{}Z\"/>", colour(style), path(&both));
        }
    }
    let places = line(series.points.iter().map(|p| at(*p)), series.steps);
    let _ = write!(
        svg,
        "<path class=\"line\" stroke=\"{}\"{} d=\"{}\"/>",
        colour(style),
        dash(style),
        path(&places)
    );
    if series.dots {
        for [x, y] in series.points.iter().map(|p| at(*p)).filter(|p| p.iter().all(|x| x.is_finite())) {
            let _ = write!(
                svg,
                "<circle class=\"mark\" cx=\"{}\" cy=\"{}\" r=\"3.2\" fill=\"{}\"/>",
                px(x),
                px(y),
                colour(style)
            );
        }
    }
    svg.push_str("</g>");
}

/// Places in order, level between them where a line goes in steps.
fn line(places: impl Iterator<Item = [f64; 2]>, steps: bool) -> Vec<[f64; 2]> {
    let mut all: Vec<[f64; 2]> = vec![];
    for place in places {
        if let (true, Some(last)) = (steps, all.last().copied()) {
            all.push([place[0], last[1]]);
        }
        all.push(place);
    }
    all
}

/// The rectangle in which lines are drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Frame {
    pub fn x(&self, axis: &Fitted, x: f64) -> f64 {
        self.left + axis.place(x) * (self.right - self.left)
    }

    /// A little beyond the frame at most, so that a line leaves it where it should.
    pub fn y(&self, axis: &Fitted, y: f64) -> f64 {
        (self.bottom - axis.place(y) * (self.bottom - self.top)).clamp(self.top - 2.0, self.bottom + 2.0)
    }

    /// Grid, frame, ticks and labels.
    pub fn axes(&self, svg: &mut String, (x_axis, x): (&Axis, Fitted), (y_axis, y): (&Axis, Fitted)) {
        let (middle, height) = ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0);
        for (number, text) in x.ticks(((self.right - self.left) / 80.0) as usize) {
            let at = px(self.x(&x, number));
            let _ = write!(
                svg,
                "<path class=\"grid\" d=\"M{at} {}V{}\"/><text class=\"small\" text-anchor=\"middle\" x=\"{at}\" y=\"{}\">{text}</text>",
                px(self.top),
                px(self.bottom),
                px(self.bottom + 16.0)
            );
        }
        for (number, text) in y.ticks(((self.bottom - self.top) / 45.0) as usize) {
            let at = self.y(&y, number);
            let _ = write!(
                svg,
                "<path class=\"grid\" d=\"M{} {}H{}\"/><text class=\"small\" text-anchor=\"end\" x=\"{}\" y=\"{}\">{text}</text>",
                px(self.left),
                px(at),
                px(self.right),
                px(self.left - 7.0),
                px(at + 4.0)
            );
        }
        let _ = write!(
            svg,
            "<rect class=\"frame\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/><text text-anchor=\"middle\" x=\"{}\" y=\"{}\">{}</text>\
             <text text-anchor=\"middle\" transform=\"translate(15 {}) rotate(-90)\">{}</text>",
            px(self.left),
            px(self.top),
            px(self.right - self.left),
            px(self.bottom - self.top),
            px(middle),
            px(self.bottom + 36.0),
            escape(&x_axis.label),
            px(height),
            escape(&y_axis.label)
        );
    }
}
