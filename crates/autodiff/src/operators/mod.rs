//! The operators that users call: each takes a function and gives a function.
//!
//! All of them are combinations of three that record a marker, in [`stage`]: tangents forward, cotangents backward,
//! and the elements of a batch side by side.

mod check;
mod first_order;
mod jacobian;
mod second_order;
pub(crate) mod stage;
mod stop_gradient;
mod vmap;

pub use check::check_grads;
pub use first_order::{grad, jvp, value_and_grad, vjp};
pub use jacobian::{hessian, jacobian};
pub use second_order::hvp;
pub use stop_gradient::{constant, stop_gradient};
pub use vmap::vmap;
