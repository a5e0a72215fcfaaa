//! What can be found out about a function by running it: of a [`Landscape`](crate::Landscape) or of any closure.
//!
//! Everything starts from a [`Surface`], which traces the function and its derivatives once:
//!
//! ```
//! use burn::tensor::Tensor;
//! use thalweg_landscapes::analysis::{Search, Surface, critical_points};
//!
//! let peaks = |x: Tensor<1>| x.clone().cos().sum() + x.square().sum() * 0.1;
//! let surface = Surface::new(2, peaks);
//! let points = critical_points(&surface, &[[-4.0, 4.0]; 2], &Search::default())?;
//! assert_eq!(points.iter().filter(|p| p.index == 0).count(), 4);
//! assert_eq!(points.iter().filter(|p| p.index == 2).count(), 1);
//! # Ok::<(), thalweg_landscapes::Error>(())
//! ```

mod basins;
mod contours;
mod critical;
mod inertia;
mod lipschitz;
mod slice;
mod spectrum;
mod surface;
mod symmetric;

pub use basins::{BasinMap, basin_map};
pub use contours::{contour_levels, contour_lines};
pub use critical::{Critical, Search, critical_points};
pub use inertia::inertia;
pub use lipschitz::{Lipschitz, lipschitz};
pub use slice::{Field, Slice, field};
pub use spectrum::{Spectrum, spectrum};
pub use surface::Surface;
pub use symmetric::{Eigen, eigenvalues, eigenvectors};
