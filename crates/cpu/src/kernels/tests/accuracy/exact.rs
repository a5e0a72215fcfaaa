//! Exact values, to 250 bits: slow, for inputs about which the quick reference leaves a doubt.

use dashu_float::FBig;
use dashu_float::round::mode::HalfEven;
use thalweg_autodiff::prim::Pw;

type Big = FBig<HalfEven, 2>;

const BITS: usize = 250;

fn big(x: f64) -> Option<Big> {
    Some(Big::try_from(x).ok()?.with_precision(BITS).value())
}

/// The function of finite numbers inside of its domain; `None` for those that are not looked at here.
fn value(pw: Pw, x: f64, y: f64) -> Option<Big> {
    let (x, y, one) = (big(x)?, big(y)?, big(1.0)?);
    Some(match pw {
        Pw::Exp => x.exp(),
        Pw::Log => x.ln(),
        Pw::Log1p => x.ln_1p(),
        Pw::Sin => x.sin(),
        Pw::Cos => x.cos(),
        Pw::Tan => x.tan(),
        Pw::Asin => x.asin(),
        Pw::Acos => x.acos(),
        Pw::Atan => x.atan(),
        Pw::Sinh => x.sinh(),
        Pw::Cosh => x.cosh(),
        Pw::Tanh => x.tanh(),
        Pw::Asinh => x.asinh(),
        Pw::Acosh => x.acosh(),
        Pw::Atanh => x.atanh(),
        Pw::Sigmoid => &one / (&one + (-x).exp()),
        Pw::LogSigmoid => -(-x).exp().ln_1p(),
        Pw::Pow => x.powf(&y),
        Pw::Atan2 => x.atan2(&y),
        Pw::Hypot => (&x * &x + &y * &y).sqrt(),
        _ => return None,
    })
}

/// Distance of a finite number from the exact value, in units of the last place of the latter.
pub(crate) fn distance(pw: Pw, [x, y]: [f64; 2], got: f64) -> Option<f64> {
    let exact = value(pw, x, y)?;
    let nearest = exact.to_f64().value().abs();
    if !nearest.is_finite() {
        return None;
    }
    let unit = f64::from_bits(nearest.to_bits() + 1) - nearest;
    let off = (big(got)? - exact) / big(unit)?;
    Some(off.to_f64().value().abs())
}
