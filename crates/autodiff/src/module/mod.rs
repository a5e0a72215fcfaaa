//! Operators for Burn modules: the function takes a module and data, and is differentiated by the module's
//! trainable parameters.
//!
//! * A model on an autodiff device is in training mode, as in Burn: dropout is active and batch norm takes the
//!   batch's statistics. On a plain device it is in inference mode.
//! * The model is never altered. Running statistics that a layer updates, in whatever form, are given back by
//!   [`value_and_grad_with_state`].
//! * Frozen parameters, running statistics, integer tensors and fields that are plain tensors are constants. Parameters that
//!   are tied (two trainable fields of one identity and the same values) are one.
//! * In training mode a first gradient is the one that Burn's own reverse mode records, so that `detach()`, `no_grad()` and
//!   frozen parameters mean what they mean in Burn. In inference mode, in [`hvp`], and where the function calls an operator
//!   of this crate, derivatives are ours, and `detach()` is [refused](crate::Error::Detached).
//! * A module that a function captures, such as a teacher or a model that is differentiated by its input, is taken into the
//!   trace by [`constant`].
//!
//! ```
//! use burn::module::Module;
//! use burn::nn::{Linear, LinearConfig, loss::{MseLoss, Reduction}};
//! use burn::optim::SgdConfig;
//! use burn::tensor::{Device, Tensor};
//! use thalweg_autodiff::module;
//!
//! let device = Device::flex().autodiff();
//! let mut model = LinearConfig::new(2, 1).init(&device);
//! let mut optimizer = SgdConfig::new().init();
//! let x = Tensor::<2>::from_floats([[1.0, 2.0], [3.0, -1.0]], &device);
//! let y = Tensor::<2>::from_floats([[5.0], [1.0]], &device);
//! let loss = |m: &Linear, (x, y): &(Tensor<2>, Tensor<2>)| {
//!     MseLoss::new().forward(m.forward(x.clone()), y.clone(), Reduction::Mean)
//! };
//! for _ in 0..200 {
//!     let (_, gradients) = module::value_and_grad(loss)(&model, &(x.clone(), y.clone()))?;
//!     model = optimizer.step(0.05, model, gradients);
//! }
//! let (last, _): (_, module::ParamGrads) = module::value_and_grad(loss)(&model, &(x, y))?;
//! assert!(last.into_scalar::<f32>() < 1e-3);
//! # Ok::<(), thalweg_autodiff::Error>(())
//! ```

mod constant;
mod gradient;
mod operators;
mod parts;
mod states;
mod traced;

pub use constant::constant;
pub use gradient::{AsModule, FromParamGrads, ParamGrad, ParamGrads};
pub use operators::{ValueAndGrads, grad, hvp, value_and_grad, value_and_grad_flat, value_and_grad_with_state};
pub use parts::ParamLayout;
pub use traced::{TracedGradient, TracedHvp, trace_hvp, trace_value_and_grad};
