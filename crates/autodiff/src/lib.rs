//! Differentiate any [Burn](burn) function or module, to any order.
//!
//! Burn 0.22 differentiates once. This crate runs ordinary Burn code on Burn's capture device, turns the recording into a small graph of
//! primitives ([`Func`]), transforms that graph, and runs the result on whatever device the arguments are on:
//!
//! ```
//! use burn::tensor::{Device, Tensor};
//! use thalweg_autodiff::{grad, hessian, hvp, value_and_grad};
//!
//! let f = |x: Tensor<1>| (x.clone().powi_scalar(3) + x.sin()).sum();
//! let x = Tensor::<1>::from_floats([0.5, 2.0], &Device::flex());
//! let v = x.ones_like();
//!
//! let (y, g) = value_and_grad(f)(&x)?;
//! let h: Tensor<2> = hessian(f)(&x)?;
//! let (_, hv) = hvp(f)(&x, &v)?;
//! let third = grad(|x: Tensor<1>| hvp(f)(&x, &v).map(|(_, hv)| hv.sum()));
//! # let _ = (y, g, h, hv);
//! # Ok::<(), thalweg_autodiff::Error>(())
//! ```
//!
//! * **Operators** take a function and give a function that returns a [`Result`]: [`grad`], [`value_and_grad`], [`jvp`], [`vjp`],
//!   [`hvp`], [`hessian`], [`jacobian`], [`vmap`]. They nest to any depth, and a function may capture the arguments of an outer one.
//! * **Arguments** are any [`Tree`] of tensors; Burn modules go through [`module`].
//! * **Mode** follows the device: on `device.autodiff()` layers are in training mode, else in inference mode.
//! * **Read** the graph by [`trace`], which also gives a function that can be [called](Traced::call) again without tracing.
//! * **Check** your own derivatives by [`check_grads`].
//!
//! What cannot be traced is an [`Error`] that says what to do: a host read, a tensor of another device (see [`constant`]), `detach()`
//! (see [`stop_gradient`]).
//!
//! Inside, there is one derivative rule for each [primitive](primitives::Prim): forward mode applies it, reverse mode transposes what it has
//! written.

mod detach;
mod device;
mod devices;
mod error;
pub mod executor;
mod from_burn;
mod function;
mod interpret;
mod ir;
mod keys;
pub mod module;
mod operators;
pub mod primitives;
mod trace;
mod transform;
mod tree;

pub use devices::compiled_devices;
pub use error::{Error, Result};
pub use function::{ByReference, ByValue, Function, IntoResult};
pub use ir::{Eqn, Func, Literal, TensorType, Var};
pub use keys::{seed, with_rng_key};
pub use operators::{
    check_grads, constant, grad, hessian, hvp, jacobian, jvp, stop_gradient, value_and_grad, vjp, vmap,
};
pub use trace::{Traced, trace};
pub use tree::{Tree, TreeDef};
