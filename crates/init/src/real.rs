//! The precisions that values are written in.

use burn::tensor::{Element, bf16, f16};

/// A float type of tensors. Values are computed in f64 and rounded to the nearest one.
pub(crate) trait Real: Element {
    const ZERO: Self;

    fn round(value: f64) -> Self;
}

impl Real for f64 {
    const ZERO: f64 = 0.0;

    #[inline]
    fn round(value: f64) -> f64 {
        value
    }
}

impl Real for f32 {
    const ZERO: f32 = 0.0;

    #[inline]
    fn round(value: f64) -> f32 {
        value as f32
    }
}

impl Real for f16 {
    const ZERO: f16 = f16::ZERO;

    fn round(value: f64) -> f16 {
        f16::from_f64(value)
    }
}

impl Real for bf16 {
    const ZERO: bf16 = bf16::ZERO;

    fn round(value: f64) -> bf16 {
        bf16::from_f64(value)
    }
}
