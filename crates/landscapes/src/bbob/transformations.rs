//! The transformations that the functions share.

use burn::tensor::{Tensor, activation::relu};

use crate::tensor::{constant, head, ramp, sin2, tail};

/// Ripples on a line, `sign(x) exp(x̂ + 0.049 (sin c₁x̂ + sin c₂x̂))` with `x̂ = log |x|`, and zero at zero, where the
/// derivative 0 is taken.
pub(crate) fn t_osz(x: Tensor<1>) -> Tensor<1> {
    let (zero, positive) = (x.clone().equal_elem(0.0), x.clone().greater_elem(0.0));
    let log = x.clone().mask_fill(zero.clone(), 1.0).abs().log();
    let rate = |right: f64, left: f64| x.full_like(left).mask_fill(positive.clone(), right);
    let ripples = (log.clone() * rate(10.0, 5.5)).sin() + (log.clone() * rate(7.9, 3.1)).sin();
    let size = (log + ripples * 0.049).exp();
    (size * x.sign()).mask_fill(zero, 0.0)
}

/// Breaks symmetry: `xᵢ^(1 + β rᵢ √xᵢ)` for positive coordinates.
pub(crate) fn t_asy(x: Tensor<1>, beta: f64) -> Tensor<1> {
    let rest = x.clone().lower_equal_elem(0.0);
    let safe = x.clone().mask_fill(rest.clone(), 1.0);
    let growth = constant(ramp(x.dims()[0]).into_iter().map(|r| beta * r).collect::<Vec<_>>(), &x);
    let bent = (safe.clone().log() * (growth * safe.sqrt() + 1.0)).exp();
    bent.mask_where(rest, x)
}

/// How far outside of the box: `Σ max(0, |xᵢ| − 5)²`.
pub(crate) fn penalty(x: Tensor<1>) -> Tensor<1> {
    relu(x.abs() - 5.0).square().sum()
}

/// `base^rᵢ` for each coordinate.
pub(crate) fn powers(base: f64, n: usize, like: &Tensor<1>) -> Tensor<1> {
    constant(ramp(n).into_iter().map(|r| base.powf(r)).collect::<Vec<_>>(), like)
}

/// A weight for the first coordinate, one for all others.
pub(crate) fn first_times(weight: f64, n: usize, like: &Tensor<1>) -> Tensor<1> {
    let mut all = vec![1.0; n];
    all[0] = weight;
    constant(all, like)
}

/// `10 (n − Σ cos 2πzᵢ) + ‖z‖²`, with `1 − cos 2t = 2 sin² t`.
pub(crate) fn rastrigin(z: Tensor<1>) -> Tensor<1> {
    (sin2(z.clone() * std::f64::consts::PI) * 20.0 + z.square()).sum()
}

/// The terms `100 (zᵢ² − zᵢ₊₁)² + (zᵢ − 1)²`.
pub(crate) fn rosenbrock(z: Tensor<1>) -> Tensor<1> {
    let (head, tail) = (head(&z, 1), tail(&z, 1));
    (head.clone().square() - tail).square() * 100.0 + (head - 1.0).square()
}
