//! Loops over lanes, one for each operation, element type and instruction set. They know pointers, and nothing of graphs.

mod abi;
mod elementwise;
mod float;
mod kind;
mod math;
mod prefetch;
mod reduce;
#[cfg(test)]
mod tests;

pub(crate) use abi::{Form, Kernel, Lanes, One, Single};
pub(crate) use elementwise::{
    Chain, PLACES, adam, cast, chain, chain_in_place, has_pointwise, mul_add, pointwise, spread,
};
pub(crate) use float::Float;
pub(crate) use kind::{Kind, bytes_of, with_kind};
pub(crate) use prefetch::prefetch;
pub(crate) use reduce::{Along, Combine, Combiner, PARTS};
