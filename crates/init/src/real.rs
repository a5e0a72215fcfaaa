//! The precisions that values are written in.

use burn::tensor::{Element, bf16, f16};

/// A float type of tensors. Values are computed in f64 and rounded to the nearest one.
pub(crate) trait Real: Element {
    const ZERO: Self;

    fn round(value: f64) -> Self;

    /// What values below `value` are cut to, so that none rounds to `value` itself: where that is a number of this type, the
    /// next one below it.
    fn below(value: f64) -> f64;
}

impl Real for f64 {
    const ZERO: f64 = 0.0;

    #[inline]
    fn round(value: f64) -> f64 {
        value
    }

    fn below(value: f64) -> f64 {
        value.next_down()
    }
}

impl Real for f32 {
    const ZERO: f32 = 0.0;

    #[inline]
    fn round(value: f64) -> f32 {
        value as f32
    }

    fn below(value: f64) -> f64 {
        let near = value as f32;
        if f64::from(near) == value { f64::from(near.next_down()) } else { value.next_down() }
    }
}

impl Real for f16 {
    const ZERO: f16 = f16::ZERO;

    fn round(value: f64) -> f16 {
        f16::from_f64(value)
    }

    fn below(value: f64) -> f64 {
        let near = f16::from_f64(value);
        if near.to_f64() == value { f16::from_bits(down(near.to_bits())).to_f64() } else { value.next_down() }
    }
}

impl Real for bf16 {
    const ZERO: bf16 = bf16::ZERO;

    fn round(value: f64) -> bf16 {
        bf16::from_f64(value)
    }

    fn below(value: f64) -> f64 {
        let near = bf16::from_f64(value);
        if near.to_f64() == value { bf16::from_bits(down(near.to_bits())).to_f64() } else { value.next_down() }
    }
}

/// The bits of the next number down, of sixteen of which the first is the sign.
fn down(bits: u16) -> u16 {
    match bits {
        0 | 0x8000 => 0x8001,
        positive if positive < 0x8000 => positive - 1,
        negative => negative + 1,
    }
}
