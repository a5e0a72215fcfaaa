//! Compiles a graph for the CPU: fused loops, planned memory, matrix products.
//!
//! A [`Func`](thalweg_autodiff::Func) has fixed shapes, so everything is decided before it runs: which operations share
//! a pass over memory, where each value lies, and what each thread does. [`Program`] is the result.

mod compile;
mod explain;
mod isa;
mod kernels;
mod layout;
mod loops;
mod math;
mod plan;
mod pool;
mod program;
mod steps;
mod unroll;

pub use compile::{Compiled, compile};
pub use isa::Isa;
pub use program::{Options, Program};
