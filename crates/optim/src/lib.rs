//! Optimizers for Burn, exact against their references.
//!
//! An optimizer is a chain of [`Transform`]s: maps from one tensor's update to another, of which the first receives the gradient
//! and the last one's result is subtracted from the parameter. A *recipe* is a named chain with settings, read from text and
//! printed back:
//!
//! ```
//! use burn::tensor::{Device, Tensor};
//! use thalweg_optim::{Driver, Parameter, parse};
//!
//! let adam = parse("adam(lr=0.1, beta1=0.8)")?;
//! let x = Tensor::<1>::from_floats([3.0, -2.0], &Device::flex());
//! let mut driver = Driver::new(adam.transform()?, vec![Parameter::new(x)])?;
//! for _ in 0..300 {
//!     let gradient = driver.params()[0].value.clone() * 2.0;
//!     driver.step(adam.lr(), vec![gradient], None)?;
//! }
//! assert!(driver.params()[0].value.clone().abs().max().into_scalar::<f32>() < 1e-2);
//! # Ok::<(), thalweg_optim::Error>(())
//! ```
//!
//! * **In Burn**: `recipe.optimizer()?` is an `Optimizer` for `ModuleOptimizer`, with groups of parameters and records.
//! * **Compiled**: [`CompiledDriver`] over lists of tensors; `thalweg-train`'s `Trainer` over modules.
//! * **With curvature**: [`solvers`], which ask an oracle for values, gradients and products with the Hessian.
//! * **Rates over time**: [`schedules`], which compose.
//! * **From Python**: [`from_reference`] reads a call of PyTorch, optax or pytorch_optimizer.
//!
//! A new optimizer is one file in a folder of [`recipes`] and one line in its list.

mod adapter;
mod compiled;
mod driver;
mod error;
mod named;
mod prelude;
mod recipe;
pub mod recipes;
mod reference;
mod registry;
pub mod schedules;
pub mod setting;
pub mod solvers;
mod state;
mod tensors;
pub mod text;
mod transform;
pub mod transforms;

pub use adapter::{PerTensor, Remembered};
pub use compiled::CompiledDriver;
pub use driver::Driver;
pub use error::{Error, Result};
pub use named::{Named, SettingInfo};
pub use recipe::{AnyRecipe, Entry, Recipe};
pub use reference::from_reference;
pub use registry::{entries, entry, parse};
pub use state::{State, Value};
pub use transform::{Chain, Parameter, Step, Transform, update_nonempty, widened};
