//! Compiled training of Burn modules.

pub mod data;
mod error;
mod trainer;

pub use error::{Error, Result};
pub use trainer::{NonFinite, Policy};
