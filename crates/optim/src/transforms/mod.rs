//! Transforms that recipes are chained from, one file each.

mod add_decayed_weights;
mod scale_by_adam;
mod scale_by_lr;
mod trace;

pub use add_decayed_weights::AddDecayedWeights;
pub use scale_by_adam::ScaleByAdam;
pub use scale_by_lr::ScaleByLr;
pub use trace::Trace;
