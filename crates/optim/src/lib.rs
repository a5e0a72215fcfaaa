//! Optimizers for Burn, exact against their references.

mod state;
mod transform;
pub mod transforms;

pub use state::{State, Value};
pub use transform::{Chain, Parameter, Step, Transform};
