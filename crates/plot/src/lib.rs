//! Charts and maps of landscapes as SVG, for the book, the report and the command line.
//!
//! A [`Chart`] has lines, bands and marks over two axes; a [`Map`] shades a landscape, draws its contour lines and critical
//! points, and the ways of optimizers through it; a [`Sheet`] has several of them. Each gives one `<svg>` that stands alone in a
//! file or in a page: colours are CSS variables with defaults, which follow the reader's light or dark scheme, and each series
//! is a group with the class `series` and the attribute `data-series`, so that a page can switch it.
//!
//! ```
//! use thalweg_plot::{Axis, Chart, Series};
//!
//! let parabola = (0..=20).map(|k| [f64::from(k), f64::from(k * k)]).collect();
//! let svg = Chart::new("A parabola", Axis::linear("x"), Axis::linear("y")).with(Series::line("x²", parabola)).svg();
//! assert!(svg.starts_with("<svg") && svg.contains("data-series=\"x²\""));
//! ```

mod axis;
mod chart;
mod map;
mod series;
mod sheet;
mod svg;

pub use axis::{Axis, Scale};
pub use chart::Chart;
pub use map::{Map, Mark, Shade};
pub use series::Series;
pub use sheet::{Panel, Sheet};
pub use svg::{COLOURS, STYLE, escape};
