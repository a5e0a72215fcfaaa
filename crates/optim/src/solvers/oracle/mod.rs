//! What a solver may ask of the function that it minimizes.

mod counted;
mod function;
mod layout;
mod least_squares;
mod module;

pub use counted::{Counted, Counts};
pub use function::{FunctionOracle, oracle};
pub use layout::Layout;
pub use least_squares::{LeastSquares, least_squares};
pub use module::{ModuleOracle, module_oracle};

use super::linalg::{dot, unit};
use crate::error::Result;

/// A function of all parameters together, as a vector of `n` numbers, and its derivatives at any point.
///
/// Solvers compute in `f64` on the host; an oracle evaluates in the element type of the tensors, on their device. Build
/// one from a Burn closure by [`oracle`] or [`least_squares`], from a module and a batch by [`module_oracle`]; or
/// implement [`Oracle::layout`], [`Oracle::gradient`] and [`Oracle::hvp`] for what differentiates itself.
///
/// An oracle is a fixed function: what it draws at random, it draws alike at every point.
pub trait Oracle {
    /// How the vector is made of tensors.
    fn layout(&self) -> &Layout;

    /// The value and the gradient, `n` numbers.
    ///
    /// # Errors
    /// What tracing or running gives.
    fn gradient(&self, x: &[f64]) -> Result<(f64, Vec<f64>)>;

    /// The product of the Hessian with a vector, `H(x) v`.
    ///
    /// # Errors
    /// What tracing or running gives.
    fn hvp(&self, x: &[f64], v: &[f64]) -> Result<Vec<f64>>;

    /// The value.
    ///
    /// # Errors
    /// What tracing or running gives.
    fn value(&self, x: &[f64]) -> Result<f64> {
        Ok(self.gradient(x)?.0)
    }

    /// The value and its derivative along `v`.
    ///
    /// # Errors
    /// What tracing or running gives.
    fn slope(&self, x: &[f64], v: &[f64]) -> Result<(f64, f64)> {
        let (value, gradient) = self.gradient(x)?;
        Ok((value, dot(&gradient, v)))
    }

    /// The Hessian, row-major `[n, n]`.
    ///
    /// # Errors
    /// What tracing or running gives.
    fn hessian(&self, x: &[f64]) -> Result<Vec<f64>> {
        let n = x.len();
        let mut all = Vec::with_capacity(n * n);
        for i in 0..n {
            all.extend(self.hvp(x, &unit(n, i))?);
        }
        Ok(all)
    }

    /// The residuals, if the function is declared as half their sum of squares.
    fn residuals(&self) -> Option<&dyn Residuals> {
        None
    }
}

/// Residuals `r(x)`, `m` numbers, of a function `f(x) = ½ ‖r(x)‖²`, with their Jacobian `J`, `[m, n]`.
pub trait Residuals {
    /// `r(x)`.
    ///
    /// # Errors
    /// What tracing or running gives.
    fn at(&self, x: &[f64]) -> Result<Vec<f64>>;

    /// `J v`.
    ///
    /// # Errors
    /// What tracing or running gives.
    fn jvp(&self, x: &[f64], v: &[f64]) -> Result<Vec<f64>>;

    /// `Jᵀ u`.
    ///
    /// # Errors
    /// What tracing or running gives.
    fn vjp(&self, x: &[f64], u: &[f64]) -> Result<Vec<f64>>;

    /// `J`, row-major `[m, n]`.
    ///
    /// # Errors
    /// What tracing or running gives.
    fn jacobian(&self, x: &[f64]) -> Result<Vec<f64>> {
        let n = x.len();
        let columns: Vec<Vec<f64>> = (0..n).map(|i| self.jvp(x, &unit(n, i))).collect::<Result<_>>()?;
        let m = columns.first().map_or(0, Vec::len);
        Ok((0..m * n).map(|k| columns[k % n][k / n]).collect())
    }
}
