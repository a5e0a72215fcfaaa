//! Optimizers that ask a function for more than one gradient a step: values along a line, products with the Hessian,
//! residuals.
//!
//! ```
//! use burn::tensor::{DType, Device, Tensor};
//! use thalweg_optim::solvers::{AnySolver, minimize};
//!
//! let rosenbrock = |x: Tensor<1>| {
//!     let (a, b) = (x.clone().slice(0..1), x.slice(1..2));
//!     (a.clone() - 1.0).square() + (b - a.square()).square() * 100.0
//! };
//! let start = Tensor::<1>::from_floats([-1.2, 1.0], &Device::flex()).cast(DType::F64);
//! let solver: AnySolver = "lbfgs(search=strong_wolfe)".parse()?;
//! let found = minimize(rosenbrock, &start, &solver, 10)?;
//! println!("{} at {} after {} gradients", found.outcome, found.x, found.counts.gradients);
//! assert!(found.value < 1e-9);
//! # Ok::<(), thalweg_optim::Error>(())
//! ```
//!
//! A [`Solver`] moves a vector of `f64` and asks an [`Oracle`], which evaluates Burn code where its tensors lie. Any
//! optimizer is lifted to a solver by [`Lifted`].

/// Declares a solver: its name and settings; see [`named!`](crate::named::named).
macro_rules! solver {
    ($($declaration:tt)*) => { $crate::named::named! { [$crate::recipe::AnyRecipe] $($declaration)* } };
}

mod adahessian;
mod diagonal;
mod gauss_newton;
mod gradient_descent;
mod lbfgs;
mod lbfgs_zoom;
mod levenberg_marquardt;
mod lifted;
pub mod linalg;
pub mod line_search;
mod memory;
mod newton_cg;
mod oracle;
mod perturbed_descent;
mod registry;
mod saddle_free_newton;
mod sharpness;
mod solver;
mod sophia;
mod sophia_h;

pub use adahessian::AdaHessian;
pub use diagonal::Diagonal;
pub use gauss_newton::GaussNewton;
pub use gradient_descent::GradientDescent;
pub use lbfgs::Lbfgs;
pub use lbfgs_zoom::LbfgsZoom;
pub use levenberg_marquardt::LevenbergMarquardt;
pub use lifted::Lifted;
pub use line_search::LineSearch;
pub use memory::Memory;
pub use newton_cg::NewtonCg;
pub use oracle::{
    Counted, Counts, FunctionOracle, Layout, LeastSquares, ModuleOracle, Oracle, Residuals, least_squares,
    module_oracle, oracle,
};
pub use perturbed_descent::PerturbedDescent;
pub use registry::{AnySolver, Entry, Listed, SOLVERS, entry, from_reference};
pub use saddle_free_newton::SaddleFreeNewton;
pub use sharpness::{FriendlySam, Gsam, LookSam, Sam, Wsam};
pub use solver::{Outcome, Progress, Solution, Solver, minimize, minimize_oracle};
pub use sophia::Sophia;
pub use sophia_h::SophiaH;
