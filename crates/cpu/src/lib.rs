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
//! From a graph to a program, pass by pass (`lower`):
//!
//! 1. **graph**: each value is in memory, a view of another, elementwise, or an operation of its own. Products take the
//!    elementwise operation behind them as an epilogue, and it is decided which product is rounded together with a sum.
//!    Values are assigned to levels, and those of one level that share their elements form a fusion group.
//! 2. **assign**: every value gets a buffer. Temporaries whose live ranges do not overlap share memory in one arena, and a
//!    result that is carried to the next run takes the place of its input where it can.
//! 3. **lower**: each group becomes a loop, a list of kernel calls on tiles that fit into a near cache. The order of a
//!    reduction depends on its length alone. Chains of operations that often stand together are one kernel, and so is the
//!    whole update of Adam, which reads and writes each array once.
//! 4. **gemm**: matrix products use this crate's kernels for operands that fit into a cache or, with AVX-512, can be packed,
//!    and the [`gemm`](https://docs.rs/gemm) crate otherwise; all give the same bits. A bias, another sum or a ReLU is fused into the product.
//! 5. **ops**: convolutions, softmax, indexing, copies, random numbers. What has no kernel runs by Burn's own operation, and
//!    [`Program::explain`] says so.
//! 6. **scalar**: where every value has few elements, the whole graph becomes a list of scalar operations instead, for one
//!    element of a batch or for many at once.
//!
//! What holds for every program: the result for one element of a batch depends neither on the number of threads nor on the size
//! of the batch; elementary functions are within two units of the last place; a warm run allocates nothing outside of
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
