//! Optimizers for Burn, exact against their references.

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
pub use transform::{Chain, Parameter, Step, Transform};
