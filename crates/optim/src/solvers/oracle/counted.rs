use std::cell::Cell;

use super::{Layout, Oracle, Residuals};
use crate::error::Result;

/// How often an oracle was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Values without gradient, and residuals.
    pub values: u64,
    /// Gradients, each with its value, and products with the Jacobian or its transpose.
    pub gradients: u64,
    /// Products of the Hessian with a vector; a whole Hessian or Jacobian counts as one product for each column.
    pub products: u64,
}

/// An oracle that counts how often it is asked.
pub struct Counted<'a> {
    inner: &'a dyn Oracle,
    residuals: Option<&'a dyn Residuals>,
    counts: Cell<Counts>,
}

impl<'a> Counted<'a> {
    /// Counts what is asked of `oracle`.
    pub fn new(oracle: &'a dyn Oracle) -> Self {
        Counted { inner: oracle, residuals: oracle.residuals(), counts: Cell::default() }
    }

    /// How often it was asked until now.
    pub fn counts(&self) -> Counts {
        self.counts.get()
    }

    fn count(&self, change: impl FnOnce(&mut Counts)) {
        let mut counts = self.counts.get();
        change(&mut counts);
        self.counts.set(counts);
    }
}

impl Oracle for Counted<'_> {
    fn layout(&self) -> &Layout {
        self.inner.layout()
    }

    fn gradient(&self, x: &[f64]) -> Result<(f64, Vec<f64>)> {
        self.count(|c| c.gradients += 1);
        self.inner.gradient(x)
    }

    fn hvp(&self, x: &[f64], v: &[f64]) -> Result<Vec<f64>> {
        self.count(|c| c.products += 1);
        self.inner.hvp(x, v)
    }

    fn value(&self, x: &[f64]) -> Result<f64> {
        self.count(|c| c.values += 1);
        self.inner.value(x)
    }

    fn slope(&self, x: &[f64], v: &[f64]) -> Result<(f64, f64)> {
        self.count(|c| c.gradients += 1);
        self.inner.slope(x, v)
    }

    fn hessian(&self, x: &[f64]) -> Result<Vec<f64>> {
        self.count(|c| c.products += x.len() as u64);
        self.inner.hessian(x)
    }

    fn residuals(&self) -> Option<&dyn Residuals> {
        self.residuals.map(|_| self as &dyn Residuals)
    }
}

/// What is asked of residuals only after [`Oracle::residuals`] has given them.
const DECLARED: &str = "residuals are given only where the oracle declares some";

impl Residuals for Counted<'_> {
    fn at(&self, x: &[f64]) -> Result<Vec<f64>> {
        self.count(|c| c.values += 1);
        self.residuals.expect(DECLARED).at(x)
    }

    fn jvp(&self, x: &[f64], v: &[f64]) -> Result<Vec<f64>> {
        self.count(|c| c.gradients += 1);
        self.residuals.expect(DECLARED).jvp(x, v)
    }

    fn vjp(&self, x: &[f64], u: &[f64]) -> Result<Vec<f64>> {
        self.count(|c| c.gradients += 1);
        self.residuals.expect(DECLARED).vjp(x, u)
    }

    fn jacobian(&self, x: &[f64]) -> Result<Vec<f64>> {
        self.count(|c| c.products += x.len() as u64);
        self.residuals.expect(DECLARED).jacobian(x)
    }
}
