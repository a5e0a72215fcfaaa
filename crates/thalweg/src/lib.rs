//! A differentiable tensor engine and optimizer laboratory in Rust on [Burn](https://burn.dev).
//!
//! This crate is what users depend on; it gathers the others:
//!
//! * [`autodiff`]: differentiate any Burn function or module, to any order.
//! * `cpu`, with the feature of that name: compile what was traced for the CPU.
//! * `train`, likewise: compiled training steps over Burn modules, data, checkpoints.
//! * `optim`: optimizers, solvers that use curvature, learning-rate schedules.
//! * `init`: initializers for any Burn module, by path and kind of parameter.
//! * `landscapes`: functions with known saddles, valleys and minima, where optimizers are compared.
//! * `lab`: studies that compare optimizers and initializers, their store, statistics and report; brings all of the above.
//! * `plot`: charts and maps of landscapes as SVG.
//!
//! ```
//! use burn::tensor::{Device, Tensor};
//! use thalweg::prelude::*;
//!
//! let f = |x: Tensor<1>| x.powi_scalar(3).sum();
//! let x = Tensor::<1>::from_floats([1.0, 2.0], &Device::flex());
//! let h: Tensor<2> = hessian(f)(&x)?;
//! assert_eq!(h.to_data().try_to_vec::<f32>().unwrap(), [6.0, 0.0, 0.0, 12.0]);
//! # Ok::<(), thalweg::autodiff::Error>(())
//! ```

pub use thalweg_autodiff as autodiff;
#[cfg(feature = "cpu")]
pub use thalweg_cpu as cpu;
#[cfg(feature = "init")]
pub use thalweg_init as init;
#[cfg(feature = "lab")]
pub use thalweg_lab as lab;
#[cfg(feature = "landscapes")]
pub use thalweg_landscapes as landscapes;
#[cfg(feature = "optim")]
pub use thalweg_optim as optim;
#[cfg(feature = "plot")]
pub use thalweg_plot as plot;
#[cfg(feature = "train")]
pub use thalweg_train as train;

/// What most programs use: `use thalweg::prelude::*`.
pub mod prelude {
    pub use thalweg_autodiff::{
        Traced, Tree, check_grads, constant, grad, hessian, hvp, jacobian, jvp, module, stop_gradient, trace,
        value_and_grad, vjp, vmap,
    };
}
