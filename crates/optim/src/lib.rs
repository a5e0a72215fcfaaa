//! Optimizers for Burn, exact against their references.

mod error;
mod named;
mod recipe;
pub mod recipes;
mod registry;
pub mod setting;
mod state;
pub mod text;
mod transform;
pub mod transforms;

pub use error::{Error, Result};
pub use named::{Named, SettingInfo};
pub use recipe::{AnyRecipe, Entry, Recipe};
pub use registry::{entries, entry, parse};
pub use state::{State, Value};
pub use transform::{Chain, Parameter, Step, Transform};
