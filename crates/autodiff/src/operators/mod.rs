//! The operators that users call: each takes a function and gives a function.
//!
//! All of them are combinations of three that record a marker, in [`record`]: tangents forward, adjoints backward,
//! and lanes side by side.

mod batch;
mod check;
mod first;
mod matrix;
pub(crate) mod record;
mod second;
mod stop;

pub use batch::batch;
pub use check::check_grads;
pub use first::{grad, jvp, value_and_grad, vjp};
pub use matrix::{hessian, jacobian};
pub use second::hvp;
pub use stop::{lift, stop_gradient};
