//! Kernels that act on each lane by itself: single operations, chains of them, and the whole update of Adam.

mod adam;
mod chain;
mod op;
mod table;

pub(crate) use adam::{ARGUMENT_COUNT, adam};
pub(crate) use chain::{Chain, chain, chain_in_place};
pub(crate) use table::{cast, elementwise, has_elementwise, mul_add, splat};
