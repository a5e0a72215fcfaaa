//! Tensors to compute with.

use burn::tensor::{Device, Tensor, TensorData};

/// Uniform numbers between −1 and 1 by a fixed seed, on Burn's Flex device.
pub fn tensor<const D: usize>(shape: [usize; D], seed: u64) -> Tensor<D> {
    let n: usize = shape.iter().product();
    let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        (x >> 40) as f32 / (1u64 << 24) as f32 * 2.0 - 1.0
    };
    Tensor::from_data(TensorData::new((0..n).map(|_| next()).collect::<Vec<f32>>(), shape), &Device::flex())
}
