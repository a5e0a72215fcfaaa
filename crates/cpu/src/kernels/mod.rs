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

pub(crate) use abi::{Kernel, KernelForm, Scalar, ScalarKernel, Vector};
pub(crate) use elementwise::{
    ARGUMENT_COUNT, Chain, adam, cast, chain, chain_in_place, elementwise, has_elementwise, mul_add, splat,
};
pub(crate) use float::Float;
pub(crate) use kind::{Kind, bytes_of, with_kind};
pub(crate) use prefetch::prefetch;
pub(crate) use reduce::{ACCUMULATORS, Combine, ReduceAxes, ReduceKernels};
