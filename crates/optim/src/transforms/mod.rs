//! Transforms that recipes are chained from, one file each.

mod scale_by_lr;

pub use scale_by_lr::ScaleByLr;
