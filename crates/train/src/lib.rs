//! Compiled training of Burn modules.

pub mod checkpoint;
pub mod data;
mod error;
pub mod fit;
pub mod metrics;
pub mod mlp;
mod trainer;

pub use error::{Error, Result};
pub use fit::Fit;
pub use trainer::{Evaluation, Mode, NonFinite, Objective, Optimizer, Options, Policy, Trainer};
