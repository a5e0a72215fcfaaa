//! Seeded random vectors, and the diagonal of a Hessian from products with them.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};
use thalweg_autodiff::executor::fold_in;

use super::Oracle;
use super::linalg::unit;
use crate::error::Result;
use crate::setting::Word;

/// A stream of random numbers that depends on a seed, the number of the step and that of the sample, and on nothing else.
pub(super) struct Probe(ChaCha8Rng);

impl Probe {
    pub fn new(seed: u64, step: u64, sample: u32) -> Self {
        let key = fold_in(fold_in(seed as i64, step as u32), sample);
        Probe(ChaCha8Rng::seed_from_u64(key as u64))
    }

    /// `n` signs.
    pub fn rademacher(&mut self, n: usize) -> Vec<f64> {
        let words: Vec<u64> = (0..n.div_ceil(64)).map(|_| self.0.next_u64()).collect();
        (0..n).map(|i| if words[i / 64] >> (i % 64) & 1 == 1 { 1.0 } else { -1.0 }).collect()
    }

    /// A number in `(0, 1]`.
    pub fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) + 1) as f64 * 2f64.powi(-53)
    }

    /// `n` standard normal numbers (Box and Muller); alike on every platform.
    pub fn gaussian(&mut self, n: usize) -> Vec<f64> {
        let pairs = (0..n.div_ceil(2)).flat_map(|_| {
            let radius = (-2.0 * libm::log(self.uniform())).sqrt();
            let angle = std::f64::consts::TAU * self.uniform();
            [radius * libm::cos(angle), radius * libm::sin(angle)]
        });
        pairs.take(n).collect()
    }

    /// A point of the ball of this radius in `n` dimensions, all alike likely.
    pub fn ball(&mut self, n: usize, radius: f64) -> Vec<f64> {
        let direction = self.gaussian(n);
        let length = radius * libm::pow(self.uniform(), 1.0 / n as f64);
        super::linalg::scaled(length / super::linalg::norm(&direction), &direction)
    }
}

/// How the diagonal of a Hessian is had.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Diagonal {
    /// Hutchinson's estimate `z ⊙ H z` with random signs `z`: exact where the Hessian is diagonal.
    Rademacher,
    /// The same with standard normal `z`.
    Gaussian,
    /// Exactly, by one product for each parameter.
    Exact,
}

impl Word for Diagonal {
    const ALL: &'static [(Self, &'static str)] =
        &[(Diagonal::Rademacher, "rademacher"), (Diagonal::Gaussian, "gaussian"), (Diagonal::Exact, "exact")];
}

impl Diagonal {
    /// The diagonal of the Hessian at `x`, from the mean of `samples` estimates where it is not exact.
    pub(super) fn at(
        self,
        oracle: &dyn Oracle,
        x: &[f64],
        samples: usize,
        seed: u64,
        step: u64,
    ) -> Result<Vec<f64>> {
        let n = x.len();
        if self == Diagonal::Exact {
            return (0..n).map(|i| Ok(oracle.hvp(x, &unit(n, i))?[i])).collect();
        }
        let mut sum = vec![0.0; n];
        for sample in 0..samples {
            let mut probe = Probe::new(seed, step, sample as u32);
            let z = if self == Diagonal::Gaussian { probe.gaussian(n) } else { probe.rademacher(n) };
            let product = oracle.hvp(x, &z)?;
            sum.iter_mut().zip(z.iter().zip(product)).for_each(|(sum, (z, h))| *sum += z * h / samples as f64);
        }
        Ok(sum)
    }
}
