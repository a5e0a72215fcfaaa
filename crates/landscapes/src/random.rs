//! Seeded numbers that are the same on every machine.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stream of numbers for a seed; other `stream`s of the same seed are independent.
pub(crate) struct Numbers(ChaCha8Rng);

impl Numbers {
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Numbers(rng)
    }

    /// Uniform in an interval.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.0.random::<f64>()
    }

    /// Normal with mean zero and deviation one, after Box and Muller.
    pub fn normal(&mut self) -> f64 {
        let (u, v): (f64, f64) = (self.0.random(), self.0.random());
        libm::sqrt(-2.0 * libm::log(1.0 - u)) * libm::cos(std::f64::consts::TAU * v)
    }

    /// Normal numbers.
    pub fn normals(&mut self, n: usize) -> Vec<f64> {
        (0..n).map(|_| self.normal()).collect()
    }

    /// An orthogonal matrix of `n` rows, in row-major order, from the uniform distribution over all of them: the
    /// rows of a normal matrix made orthonormal in order.
    pub fn rotation(&mut self, n: usize) -> Vec<f64> {
        let mut rows: Vec<Vec<f64>> = vec![];
        while rows.len() < n {
            let mut row = self.normals(n);
            // Twice is enough for orthogonality to rounding.
            for _ in 0..2 {
                for other in &rows {
                    let along: f64 = row.iter().zip(other).map(|(a, b)| a * b).sum();
                    row.iter_mut().zip(other).for_each(|(a, b)| *a -= along * b);
                }
            }
            let length = libm::sqrt(row.iter().map(|a| a * a).sum());
            rows.push(row.into_iter().map(|a| a / length).collect());
        }
        rows.concat()
    }
}
