//! Exact values, to 250 bits: slow, for inputs about which the quick reference leaves a doubt.

use dashu_float::FBig;
use dashu_float::round::mode::HalfEven;
use thalweg_autodiff::primitives::Elementwise;

type Big = FBig<HalfEven, 2>;

const BITS: usize = 250;

fn big(x: f64) -> Option<Big> {
    Some(Big::try_from(x).ok()?.with_precision(BITS).value())
}

/// The function of finite numbers inside of its domain; `None` for those that are not looked at here.
fn value(pw: Elementwise, x: f64, y: f64) -> Option<Big> {
    let (x, y, one) = (big(x)?, big(y)?, big(1.0)?);
    Some(match pw {
        Elementwise::Exp => x.exp(),
        Elementwise::Log => x.ln(),
        Elementwise::Log1p => x.ln_1p(),
        Elementwise::Sin => x.sin(),
        Elementwise::Cos => x.cos(),
        Elementwise::Tan => x.tan(),
        Elementwise::Asin => x.asin(),
        Elementwise::Acos => x.acos(),
        Elementwise::Atan => x.atan(),
        Elementwise::Sinh => x.sinh(),
        Elementwise::Cosh => x.cosh(),
        Elementwise::Tanh => x.tanh(),
        Elementwise::Asinh => x.asinh(),
        Elementwise::Acosh => x.acosh(),
        Elementwise::Atanh => x.atanh(),
        Elementwise::Sigmoid => &one / (&one + (-x).exp()),
        Elementwise::LogSigmoid => -(-x).exp().ln_1p(),
        Elementwise::Pow => x.powf(&y),
        Elementwise::Atan2 => x.atan2(&y),
        Elementwise::Hypot => (&x * &x + &y * &y).sqrt(),
        _ => return None,
    })
}

/// Distance of a finite number from the exact value, in units of the last place of the latter.
pub(crate) fn distance(pw: Elementwise, [x, y]: [f64; 2], got: f64) -> Option<f64> {
    let exact = value(pw, x, y)?;
    let nearest = exact.to_f64().value().abs();
    if !nearest.is_finite() {
        return None;
    }
    let unit = f64::from_bits(nearest.to_bits() + 1) - nearest;
    let off = (big(got)? - exact) / big(unit)?;
    Some(off.to_f64().value().abs())
}
