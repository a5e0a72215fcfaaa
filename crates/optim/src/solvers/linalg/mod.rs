//! Vectors and small dense matrices of `f64` on the host, for solvers.

mod bidiagonal;
mod cholesky;
mod eigen;
mod lanczos;
mod svd;

pub use cholesky::Cholesky;
pub use eigen::{Eigen, eigen};
pub use lanczos::{Krylov, lanczos};
pub use svd::{Svd, svd};

/// `aᵀb`, in an order of summation that depends on the length alone and fills a vector unit.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 8;
    let (left, right) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f64 = left.remainder().iter().zip(right.remainder()).map(|(a, b)| a * b).sum();
    let mut lanes = [0.0; LANES];
    for (a, b) in left.zip(right) {
        for ((sum, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + e) + (c + g)) + ((b + f) + (d + h)) + rest
}

/// The Euclidean norm.
pub fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

/// The largest magnitude; NaN if any element is.
pub fn max_abs(a: &[f64]) -> f64 {
    a.iter().fold(0.0, |most, x| if x.abs() > most || x.is_nan() { x.abs() } else { most })
}

/// `a + s·b`.
pub fn plus(a: &[f64], s: f64, b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + s * b).collect()
}

/// `a ← a + s·b`.
pub fn add(a: &mut [f64], s: f64, b: &[f64]) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a += s * b);
}

/// `s·a`.
pub fn scaled(s: f64, a: &[f64]) -> Vec<f64> {
    a.iter().map(|x| s * x).collect()
}

/// `a − b`.
pub fn minus(a: &[f64], b: &[f64]) -> Vec<f64> {
    plus(a, -1.0, b)
}

/// The unit vector along axis `i` of `n`.
pub fn unit(n: usize, i: usize) -> Vec<f64> {
    (0..n).map(|k| if k == i { 1.0 } else { 0.0 }).collect()
}

/// Whether every element is finite.
pub fn is_finite(a: &[f64]) -> bool {
    a.iter().all(|x| x.is_finite())
}
