//! Measures of how well a model does, beside its loss.

mod classification;

pub use crate::trainer::Metrics;
pub use classification::{ConfusionMatrix, accuracy, top_k_accuracy};
