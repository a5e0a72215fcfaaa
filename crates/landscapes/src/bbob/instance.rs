//! What COCO draws for an instance: by the generators of 2009, which the numbers must come from.

use std::f64::consts::TAU;

use crate::entry::Dims;
use crate::facts::{Facts, Lowest, Site};
use crate::parameter::{Parameter, Parameters};
use crate::tensor::ramp;

/// Rotations are matrices, of which a larger one would fill the memory; COCO goes up to 640.
pub(crate) const DIMS: Dims = Dims::dense(2, 2);
pub(crate) const INSTANCE: &[Parameter] =
    &[Parameter::whole("instance", 1.0, [1.0, 1e5], "which of COCO's instances")];

/// The source of the functions and of their instances.
pub(crate) const BBOB: &str = "N. Hansen, S. Finck, R. Ros and A. Auger, Real-parameter black-box optimization \
    benchmarking 2009: noiseless functions definitions, INRIA report RR-6829 (2009); N. Hansen et al., COCO: a platform \
    for comparing continuous optimizers in a black-box setting, Optimization Methods and Software 36 (2021) 114–144";

/// One instance of one function.
pub(crate) struct Instance {
    n: usize,
    seed: i64,
    /// The lowest value.
    pub f_opt: f64,
}

impl Instance {
    pub fn new(function: i64, n: usize, parameters: &Parameters) -> Self {
        // Two functions share the seed of the one that they vary.
        let own = match function {
            4 => 3,
            18 => 17,
            other => other,
        };
        let seed = own + 10_000 * parameters["instance"] as i64;
        let f_opt = round(1e4 * normal(1, seed)[0] / normal(1, seed + 1)[0]) / 100.0;
        Instance { n, seed, f_opt: f_opt.clamp(-1000.0, 1000.0) }
    }

    /// The box, the start and the optimum.
    pub fn facts(&self, x_opt: &[f64], site: Site) -> Facts {
        let facts = Facts::in_cube(self.n, -5.0, 5.0).start(vec![0.0; self.n]);
        facts.at_site(x_opt, self.f_opt, site).lowest(Lowest::Everywhere(self.f_opt))
    }

    /// Where the optimum is.
    pub fn x_opt(&self) -> Vec<f64> {
        self.x_opt_at(0)
    }

    /// Where the optimum is, for a function that draws it from another seed.
    pub fn x_opt_at(&self, offset: i64) -> Vec<f64> {
        let place = |u: f64| match 8.0 * (1e4 * u).floor() / 1e4 - 4.0 {
            0.0 => -1e-5,
            x => x,
        };
        uniform(self.n, self.seed + offset).into_iter().map(place).collect()
    }

    /// As many uniform numbers as coordinates.
    pub fn uniform(&self) -> Vec<f64> {
        uniform(self.n, self.seed)
    }

    /// As many normal numbers as coordinates.
    pub fn normal(&self) -> Vec<f64> {
        normal(self.n, self.seed)
    }

    /// Uniform numbers from a seed near the instance's own.
    pub fn uniform_at(&self, offset: i64, count: usize) -> Vec<f64> {
        uniform(count, self.seed + offset)
    }

    pub fn dimension(&self) -> usize {
        self.n
    }

    /// The first of the two rotations, in row-major order.
    pub fn first_rotation(&self) -> Vec<f64> {
        rotation(self.n, self.seed + 1_000_000)
    }

    /// The second of the two rotations, in row-major order.
    pub fn second_rotation(&self) -> Vec<f64> {
        rotation(self.n, self.seed)
    }

    /// The first rotation after `Λᵅ` after the second.
    pub fn stretched(&self, alpha: f64) -> Vec<f64> {
        let (n, first, second) = (self.n, self.first_rotation(), self.second_rotation());
        let scales: Vec<f64> = ramp(n).into_iter().map(|r| alpha.sqrt().powf(r)).collect();
        let entry = |i: usize, j: usize| (0..n).map(|k| first[i * n + k] * scales[k] * second[k * n + j]).sum();
        (0..n * n).map(|at| entry(at / n, at % n)).collect()
    }

    /// The point that a widened rotation takes to `(½, …, ½)`.
    pub fn half_over(&self, rotation: &[f64]) -> Vec<f64> {
        let n = self.n;
        let column = |j: usize| (0..n).map(|i| rotation[i * n + j]).sum::<f64>();
        (0..n).map(|j| column(j) / (2.0 * widening(n))).collect()
    }
}

/// `max(1, √n/8)`, by which the Rosenbrock functions are widened.
pub(crate) fn widening(n: usize) -> f64 {
    1f64.max((n as f64).sqrt() / 8.0)
}

fn round(x: f64) -> f64 {
    (x + 0.5).floor()
}

/// One step of Lehmer's generator of multiplier 16807 and modulus 2³¹ − 1, after Schrage.
fn lehmer(seed: i64) -> i64 {
    let quotient = seed / 127_773;
    match 16_807 * (seed - quotient * 127_773) - 2_836 * quotient {
        negative if negative < 0 => negative + 2_147_483_647,
        other => other,
    }
}

/// Uniform numbers: Lehmer's generator, shuffled through a table of 32 entries.
fn uniform(count: usize, seed: i64) -> Vec<f64> {
    let mut seed = seed.abs().max(1);
    let mut table = [0; 32];
    for i in (0..40).rev() {
        seed = lehmer(seed);
        if i < 32 {
            table[i] = seed;
        }
    }
    let mut current = table[0];
    let draw = |_| {
        seed = lehmer(seed);
        let at = (current / 67_108_865) as usize;
        current = table[at];
        table[at] = seed;
        match current {
            0 => 1e-99,
            number => number as f64 / 2_147_483_647.0,
        }
    };
    (0..count).map(draw).collect()
}

/// Normal numbers after Box and Muller, from the first and the second half of twice as many uniform ones.
fn normal(count: usize, seed: i64) -> Vec<f64> {
    let u = uniform(2 * count, seed);
    let draw = |i: usize| match libm::sqrt(-2.0 * libm::log(u[i])) * libm::cos(TAU * u[count + i]) {
        0.0 => 1e-99,
        g => g,
    };
    (0..count).map(draw).collect()
}

/// An orthogonal matrix in row-major order: the columns of a normal matrix made orthonormal one after the other.
fn rotation(n: usize, seed: i64) -> Vec<f64> {
    // The drawn numbers fill the matrix column by column.
    let mut columns: Vec<Vec<f64>> = normal(n * n, seed).chunks(n).map(<[f64]>::to_vec).collect();
    for i in 0..n {
        let (done, rest) = columns.split_at_mut(i);
        let own = &mut rest[0];
        for other in done.iter() {
            let along: f64 = own.iter().zip(other).map(|(a, b)| a * b).sum();
            own.iter_mut().zip(other).for_each(|(a, b)| *a -= along * b);
        }
        let length = own.iter().map(|a| a * a).sum::<f64>().sqrt();
        own.iter_mut().for_each(|a| *a /= length);
    }
    (0..n * n).map(|at| columns[at % n][at / n]).collect()
}
