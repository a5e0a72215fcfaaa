//! Elementary functions of `f32`, computed in `f64` and rounded once; each is right for every input unless it says
//! otherwise.

use super::wide;
use super::wide::fma;
use super::wide::polynomial;

/// `x` as `f64` within `±limit`; NaN stays.
#[inline(always)]
fn within(x: f32, limit: f64) -> f64 {
    let x = f64::from(x);
    if x > limit {
        limit
    } else if x < -limit {
        -limit
    } else {
        x
    }
}

/// `eˣ` as `f64`, for results that overflow or vanish in `f32` but not in `f64`.
#[inline(always)]
fn exp_wide<const F: bool>(x: f32) -> f64 {
    wide::exp::<F>(within(x, 250.0))
}

#[inline(always)]
pub fn exp<const F: bool>(x: f32) -> f32 {
    exp_wide::<F>(x) as f32
}

/// Natural logarithm of any `f64` that is not subnormal.
#[inline(always)]
fn log_wide<const F: bool>(x: f64) -> f64 {
    let y = wide::log::<F>(x);
    let y = if x == f64::INFINITY { x } else { y };
    let y = if x == 0.0 { f64::NEG_INFINITY } else { y };
    if x >= 0.0 { y } else { f64::NAN }
}

#[inline(always)]
pub fn log<const F: bool>(x: f32) -> f32 {
    log_wide::<F>(f64::from(x)) as f32
}

/// `ln(1 + x)`: the series where adding one would lose digits.
#[inline(always)]
fn log1p_wide<const F: bool>(x: f64) -> f64 {
    let series = x * polynomial::<F, 4>(x, [-0.25, 1.0 / 3.0, -0.5, 1.0]);
    if x.abs() < 1e-4 { series } else { log_wide::<F>(1.0 + x) }
}

#[inline(always)]
pub fn log1p<const F: bool>(x: f32) -> f32 {
    log1p_wide::<F>(f64::from(x)) as f32
}

/// For `|x| ≤` [`wide::LARGEST_ANGLE`].
#[inline(always)]
pub fn sin<const F: bool>(x: f32) -> f32 {
    // The sum over two parts of the angle makes +0 of −0.
    if x == 0.0 { x } else { wide::sin_cos::<F>(f64::from(x)).0 as f32 }
}

/// For `|x| ≤` [`wide::LARGEST_ANGLE`].
#[inline(always)]
pub fn cos<const F: bool>(x: f32) -> f32 {
    wide::sin_cos::<F>(f64::from(x)).1 as f32
}

/// For `|x| ≤` [`wide::LARGEST_ANGLE`].
#[inline(always)]
pub fn tan<const F: bool>(x: f32) -> f32 {
    let (s, c) = wide::sin_cos::<F>(f64::from(x));
    if x == 0.0 { x } else { (s / c) as f32 }
}

#[inline(always)]
fn asin_wide<const F: bool>(x: f64) -> f64 {
    wide::atan::<F>(x / ((1.0 - x) * (1.0 + x)).sqrt())
}

#[inline(always)]
pub fn asin<const F: bool>(x: f32) -> f32 {
    asin_wide::<F>(f64::from(x)) as f32
}

#[inline(always)]
pub fn acos<const F: bool>(x: f32) -> f32 {
    (std::f64::consts::FRAC_PI_2 - asin_wide::<F>(f64::from(x))) as f32
}

#[inline(always)]
pub fn atan<const F: bool>(x: f32) -> f32 {
    wide::atan::<F>(f64::from(x)) as f32
}

#[inline(always)]
pub fn sinh<const F: bool>(x: f32) -> f32 {
    let d = within(x, 250.0);
    let e = wide::exp::<F>(d);
    let z = d * d;
    let near = d * polynomial::<F, 5>(z, [1.0 / 362_880.0, 1.0 / 5_040.0, 1.0 / 120.0, 1.0 / 6.0, 1.0]);
    let y = if d.abs() < 0.3 { near } else { 0.5 * (e - 1.0 / e) };
    y as f32
}

#[inline(always)]
pub fn cosh<const F: bool>(x: f32) -> f32 {
    let e = exp_wide::<F>(x);
    (0.5 * (e + 1.0 / e)) as f32
}

#[inline(always)]
pub fn tanh<const F: bool>(x: f32) -> f32 {
    let d = within(x, 20.0);
    let z = d * d;
    let coefficients = [-1382.0 / 155_925.0, 62.0 / 2835.0, -17.0 / 315.0, 2.0 / 15.0, -1.0 / 3.0, 1.0];
    let near = d * polynomial::<F, 6>(z, coefficients);
    let e = wide::exp::<F>(-2.0 * d.abs());
    let far = ((1.0 - e) / (1.0 + e)).copysign(d);
    let y = if d.abs() < 0.1 { near } else { far };
    y as f32
}

#[inline(always)]
pub fn asinh<const F: bool>(x: f32) -> f32 {
    let d = f64::from(x);
    let z = d * d;
    let near = d * polynomial::<F, 5>(z, [35.0 / 1152.0, -5.0 / 112.0, 3.0 / 40.0, -1.0 / 6.0, 1.0]);
    let far = log_wide::<F>(d.abs() + (z + 1.0).sqrt()).copysign(d);
    let y = if d.abs() < 0.05 { near } else { far };
    y as f32
}

#[inline(always)]
pub fn acosh<const F: bool>(x: f32) -> f32 {
    let d = f64::from(x);
    let y = log_wide::<F>(d + fma::<F>(d, d, -1.0).sqrt()) as f32;
    // For large negative numbers the sum cancels to zero, where its logarithm is a number.
    if d < 1.0 { f32::NAN } else { y }
}

#[inline(always)]
pub fn atanh<const F: bool>(x: f32) -> f32 {
    let d = f64::from(x);
    let near = d * polynomial::<F, 5>(d * d, [1.0 / 9.0, 1.0 / 7.0, 1.0 / 5.0, 1.0 / 3.0, 1.0]);
    let far = 0.5 * log_wide::<F>((1.0 + d) / (1.0 - d));
    let y = if d.abs() < 0.05 { near } else { far };
    y as f32
}

#[inline(always)]
pub fn erf<const F: bool>(x: f32) -> f32 {
    wide::erf::<F>(f64::from(x)) as f32
}

#[inline(always)]
pub fn sigmoid<const F: bool>(x: f32) -> f32 {
    wide::sigmoid::<F>(within(x, 250.0)) as f32
}

#[inline(always)]
pub fn log_sigmoid<const F: bool>(x: f32) -> f32 {
    let d = f64::from(x);
    let least = if d > 0.0 { 0.0 } else { d };
    let e = wide::exp::<F>(-within(x, 250.0).abs());
    (least - log1p_wide::<F>(e)) as f32
}

/// `xʸ` for positive finite `x` and finite `y`.
#[inline(always)]
pub fn pow<const F: bool>(x: f32, y: f32) -> f32 {
    let power = f64::from(y) * wide::log::<F>(f64::from(x));
    let power = if power > 250.0 { 250.0 } else { power };
    let power = if power < -250.0 { -250.0 } else { power };
    wide::exp::<F>(power) as f32
}

/// For finite operands, not both zero.
#[inline(always)]
pub fn atan2<const F: bool>(y: f32, x: f32) -> f32 {
    let (y, x) = (f64::from(y), f64::from(x));
    let angle = wide::atan::<F>(y / x);
    let turned = angle + std::f64::consts::PI.copysign(y);
    let y = if x < 0.0 { turned } else { angle };
    y as f32
}

/// For finite operands.
#[inline(always)]
pub fn hypot(x: f32, y: f32) -> f32 {
    let (x, y) = (f64::from(x), f64::from(y));
    (x * x + y * y).sqrt() as f32
}
