//! Several pictures in one.

use std::fmt::Write;

use crate::chart::Chart;
use crate::map::Map;
use crate::svg::{LEFT, open, px, title, title_height};

/// The distance between pictures, in pixels.
const GAP: f64 = 12.0;

/// A picture as it stands on a [`Sheet`].
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Width and height in pixels.
    size: [f64; 2],
    svg: String,
}

impl From<&Chart> for Panel {
    fn from(chart: &Chart) -> Self {
        Panel { size: chart.full_size(), svg: chart.svg() }
    }
}

impl From<&Map> for Panel {
    fn from(map: &Map) -> Self {
        Panel { size: map.size, svg: map.svg() }
    }
}

/// Pictures in rows and columns.
///
/// ```
/// use thalweg_plot::{Axis, Chart, Series, Sheet};
///
/// let power = |n: i32| (0..=20).map(|k| [f64::from(k), f64::from(k).powi(n)]).collect();
/// let chart = |n: i32| Chart::new(&format!("x^{n}"), Axis::linear("x"), Axis::linear("y")).with(Series::line("", power(n)));
/// let sheet = Sheet::new("Powers", 2).with(&chart(2)).with(&chart(3)).with(&chart(4));
/// assert_eq!(sheet.svg().matches("<svg").count(), 4);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// What it shows.
    pub title: String,
    /// What is to be seen in it, for those who do not see it.
    pub description: String,
    columns: usize,
    panels: Vec<Panel>,
}

impl Sheet {
    /// A sheet without pictures yet, of so many columns, and of one if none are asked for.
    pub fn new(title: &str, columns: usize) -> Self {
        Sheet { title: title.into(), description: String::new(), columns: columns.max(1), panels: vec![] }
    }

    /// With one more picture.
    pub fn with(mut self, panel: impl Into<Panel>) -> Self {
        self.panels.push(panel.into());
        self
    }

    /// With a description for those who do not see it.
    pub fn description(self, text: &str) -> Self {
        Sheet { description: text.into(), ..self }
    }

    /// The picture of all. Each column is as wide as its widest picture, each row as high as its highest.
    pub fn svg(&self) -> String {
        let largest = |of: &dyn Fn(usize) -> usize, k: usize, side: usize| {
            let own = self.panels.iter().enumerate().filter(|(at, _)| of(*at) == k);
            own.map(|(_, panel)| panel.size[side]).fold(0.0, f64::max)
        };
        let columns = self.columns.min(self.panels.len());
        let rows = self.panels.len().div_ceil(self.columns);
        let widths: Vec<f64> = (0..columns).map(|k| largest(&|at| at % self.columns, k, 0)).collect();
        let heights: Vec<f64> = (0..rows).map(|k| largest(&|at| at / self.columns, k, 1)).collect();
        let top = title_height(&self.title);
        // Where a column or row begins, or ends with all before it.
        let start = |sizes: &[f64], k: usize| sizes[..k].iter().sum::<f64>() + GAP * k as f64;
        let (width, height) = (start(&widths, columns), top + start(&heights, rows));
        let mut svg = open(width, height, &self.title, &self.description);
        title(&mut svg, &self.title, LEFT);
        for (at, panel) in self.panels.iter().enumerate() {
            let (x, y) = (start(&widths, at % self.columns), top + start(&heights, at / self.columns));
            let _ = write!(svg, "<g transform=\"translate({} {})\">{}</g>", px(x), px(y), panel.svg);
        }
        svg + "</svg>"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Axis;

    fn chart(width: f64, height: f64) -> Chart {
        Chart::new("", Axis::linear("x"), Axis::linear("y")).size(width, height)
    }

    #[test]
    fn pictures_stand_in_rows_and_none_upon_another() {
        let sheet = Sheet::new("", 2);
        let sheet = sheet.with(&chart(300.0, 200.0)).with(&chart(400.0, 100.0)).with(&chart(350.0, 120.0));
        let svg = sheet.svg();
        assert!(svg.contains("viewBox=\"0 0 774 344\""), "{svg}");
        for place in ["translate(0 0)", "translate(362 0)", "translate(0 212)"] {
            assert!(svg.contains(place), "{place}");
        }
    }

    #[test]
    fn a_sheet_of_nothing_and_one_without_columns_are_pictures() {
        assert!(Sheet::new("Nothing", 3).svg().ends_with("</svg>"));
        let one = Sheet::new("", 0).with(&chart(300.0, 200.0)).with(&chart(300.0, 200.0));
        assert!(one.svg().contains("translate(0 212)"));
    }
}
