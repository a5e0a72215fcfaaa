//! Operators for Burn modules: the function takes a module and data, and is differentiated by the module's
//! trainable parameters.
//!
//! * A model on an autodiff device is in training mode, as in Burn: dropout is active and batch norm takes the
//!   batch's statistics. On a plain device it is in inference mode.
//! * The model is never altered. Running statistics that a layer updates are given back by
//!   [`value_and_grad_with_state`].
//! * Frozen parameters, running statistics and integer tensors are constants.
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
//! let (last, _): (_, module::Params) = module::value_and_grad(loss)(&model, &(x, y))?;
//! assert!(last.into_scalar::<f32>() < 1e-3);
//! # Ok::<(), thalweg_autodiff::Error>(())
//! ```

mod gradient;
mod operators;
mod parts;
mod traced;

pub use gradient::{AsModule, Entry, Gradient, Params};
pub use operators::{Derivative, differentiate, grad, hvp, value_and_grad, value_and_grad_with_state};
pub use parts::Parts;
pub use traced::{TracedGradient, TracedHvp, trace_hvp, trace_value_and_grad};
