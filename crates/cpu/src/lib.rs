//! Compiles a graph for the CPU: fused loops, planned memory, matrix products.
//!
//! A [`Func`](thalweg_autodiff::Func) has fixed shapes, so everything is decided before it runs: which operations share
//! a pass over memory, where each value lies, and what each thread does. [`Program`] is the result; [`compile`] makes
//! one of a function of Burn tensors.
//!
//! ```
//! use burn::tensor::{Device, Tensor};
//! use thalweg_autodiff::grad;
//! use thalweg_cpu::compile;
//!
//! let f = |x: Tensor<1>| (x.clone().powi_scalar(2) * x.exp()).sum();
//! let x = Tensor::<1>::from_floats([0.0, 1.0], &Device::flex());
//! let gradient = compile(grad(f), &x)?;
//! let g = gradient.call(&x)?.to_data().try_to_vec::<f32>().unwrap();
//! assert!(g[0] == 0.0 && (g[1] - 3.0 * std::f32::consts::E).abs() < 1e-5);
//! # Ok::<(), thalweg_autodiff::Error>(())
//! ```
//!
//! From a graph to a program, each in a folder of that name:
//!
//! 1. **plan**: a value is in memory, a view of another, or computed. What is computed lane by lane is put into stages
//!    and groups; each group becomes one loop. Every value gets a place, and two share one if they are never needed at
//!    the same time. A result that is carried to the next run takes the place of its input where it can.
//! 2. **loops**: a group becomes a list of kernel calls on blocks that fit into a near cache. Reductions over
//!    neighbouring axes belong to the loop; in which order they combine depends on their length alone. Chains of operations
//!    that often stand together are one kernel, and so is the whole update of Adam, which reads and writes each array once.
//! 3. **steps**: matrix products by kernels of this crate where sides lie near or, with AVX-512, are packed panel by panel, else by
//!    the [`gemm`] crate, all to the same bits, with a bias, another sum or a rectifier behind them; convolutions, softmax, indexing, copies, random numbers. What has no kernel runs by Burn's own
//!    operation, and [`Program::explain`] says so.
//! 4. **unroll**: where every value has few elements, the whole graph becomes operations on single numbers, for one lane
//!    or for many at once.
//!
//! What holds for every program: results depend neither on the number of threads nor on how many lanes of a batch run
//! beside a lane; elementary functions are within two units of the last place; a warm run allocates nothing outside of
//! matrix products and of what falls back. Kernels are built for AVX-512, AVX2 and whatever the target has, and are
//! chosen at run time.

mod assign;
mod buffer;
mod command;
mod compile;
mod cost;
mod explain;
mod gemm;
mod graph;
mod indices;
mod isa;
mod kernels;
mod layout;
mod loops;
mod lower;
mod op;
mod ops;
mod options;
mod pool;
mod program;
mod scalar;

pub use compile::{Compiled, compile};
pub use isa::Isa;
pub use options::Options;
pub use program::{Parked, Program};
