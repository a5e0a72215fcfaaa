//! Optimizers by what they do with the gradient; one file each.
//!
//! Every transform of [`transforms`](crate::transforms) is a recipe too, of one link.

mod adaptive;
mod descent;
mod layerwise;
mod matrix;
mod notes;
mod sign;
mod tuning_free;
mod wrappers;

pub use crate::transforms::*;
pub use adaptive::*;
pub use descent::*;
pub use layerwise::*;
pub use matrix::*;
pub use notes::*;
pub use sign::*;
pub use tuning_free::*;
pub use wrappers::*;

use crate::recipe::Entry;

/// The recipes, folder by folder.
pub(crate) const FOLDERS: &[&[Entry]] = &[
    descent::ALL,
    sign::ALL,
    adaptive::ALL,
    layerwise::ALL,
    matrix::ALL,
    tuning_free::ALL,
    notes::ALL,
    wrappers::ALL,
    crate::transforms::ALL,
];
