use super::{Line, Trial};
use crate::error::Result;

/// Backtracking: the first of the steps `t, s·t, s²·t, …` with sufficient decrease, `φ(t) ≤ φ(0) + c₁ t φ′(0)`.
///
/// L. Armijo, Minimization of functions having Lipschitz continuous first partial derivatives, Pacific J. Math. 16
/// (1966); Nocedal and Wright, Numerical Optimization, algorithm 3.1. A value that is not finite is no decrease.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Armijo {
    /// `c₁`, the part of the predicted decrease that must be had.
    pub c1: f64,
    /// `s`, what each further step is of the one before.
    pub shrink: f64,
    /// The most steps tried.
    pub max_steps: usize,
}

impl Default for Armijo {
    fn default() -> Self {
        Armijo { c1: 1e-4, shrink: 0.5, max_steps: 50 }
    }
}

impl Armijo {
    /// The step length found and the number of values that were asked for; `None` if none of the steps decreases enough.
    ///
    /// # Errors
    /// What the oracle gives.
    pub fn search(&self, line: &Line, start: &Trial, first: f64) -> Result<Option<(f64, usize)>> {
        let mut t = first;
        for tried in 1..=self.max_steps {
            let value = line.oracle.value(&line.point(t))?;
            if value <= start.value + self.c1 * t * start.slope {
                return Ok(Some((t, tried)));
            }
            t *= self.shrink;
        }
        Ok(None)
    }
}
