//! Saddles, ravines, plateaus and multimodal surfaces as Burn functions, with what is known about each.
//!
//! Optimizers are compared on landscapes, and understood there. A [`Landscape`] is a formula in Burn's tensors with its
//! box, its standard start, its known minima and saddles with their Morse index, and its source. Derivatives come from
//! `thalweg-autodiff`, never from formulas written by hand.
//!
//! ```
//! use burn::tensor::{DType, Device, Tensor};
//! use thalweg_autodiff::{grad, hessian};
//!
//! let landscape = thalweg_landscapes::parse("himmelblau")?;
//! let saddle = landscape.saddles().next().unwrap();
//! assert_eq!(saddle.index, 1);
//!
//! let x = landscape.point(&saddle.x, &Device::flex(), DType::F64)?;
//! let gradient: Tensor<1> = grad(|x: Tensor<1>| landscape.value(x))(&x)?;
//! assert!(gradient.abs().max().into_scalar::<f64>() < 1e-12);
//! # Ok::<(), thalweg_landscapes::Error>(())
//! ```
//!
//! * **Find** them in the registry: [`parse`] from text, [`entries`], [`filter`] by family and dimension.
//! * **Decorate** them: `rotate(…)`, `shift(…)` and the other [`decorators`] give landscapes, whose known points move along.
//! * **Bring your own** by [`Landscape::custom`].
//! * **Explore** these and any closure: [`analysis`] finds critical points, spectra, basins and contour lines.
//!
//! A new landscape is one file with one [`Entry`], and its name in the list of its folder.

pub mod analysis;
mod bbob;
mod classical;
mod decorators;
mod entry;
mod error;
mod facts;
mod landscape;
mod mgh;
mod networks;
mod parameter;
mod prelude;
mod random;
mod registry;
mod tensor;
mod text;

pub use decorators::{Decorator, decorators};
pub use entry::{Dims, Entry, Family, Formula, Made};
pub use error::{Error, Result};
pub use facts::{CriticalPoint, Facts, Lowest, Site, Smoothness};
pub use landscape::Landscape;
pub use parameter::{Parameter, Parameters};
pub use registry::{entries, entry, filter, parse};
