//! Small pieces of tensor code that many rules share.

use std::ops::Range;

use burn::tensor::kind::Basic;
use burn::tensor::{Bool, DType, Device, Tensor, TensorData};

/// `Σ x²`, of shape `[1]`.
pub(crate) fn squared_norm(x: &Tensor<1>) -> Tensor<1> {
    x.clone().square().sum()
}

/// `‖x‖`, of shape `[1]`.
pub(crate) fn norm(x: &Tensor<1>) -> Tensor<1> {
    squared_norm(x).sqrt()
}

/// `yes` where `condition` holds and `no` elsewhere; the condition and either of the two may be of shape `[1]`.
pub(crate) fn either<K: Basic>(
    condition: Tensor<1, Bool>,
    yes: Tensor<1, K>,
    no: Tensor<1, K>,
) -> Tensor<1, K> {
    let n = [condition.dims()[0], yes.dims()[0], no.dims()[0]].into_iter().find(|n| *n != 1).unwrap_or(1);
    no.expand([n]).mask_where(condition.expand([n]), yes.expand([n]))
}

/// One, of shape `[1]`, beside `like`.
pub(crate) fn ones(like: &Tensor<1>) -> Tensor<1> {
    Tensor::ones([1], (&like.device(), like.dtype()))
}

/// A tensor of one number.
pub(crate) fn scalar(value: f64, device: &Device, dtype: DType) -> Tensor<1> {
    Tensor::from_data(TensorData::from([value]), (device, dtype))
}

/// A flat tensor of `shape` in three axes, of which the middle one holds the given axes.
pub(crate) fn cube(flat: Tensor<1>, shape: &[usize], axes: Range<usize>) -> Tensor<3> {
    let length = |axes: &[usize]| axes.iter().product::<usize>();
    flat.reshape([length(&shape[..axes.start]), length(&shape[axes.clone()]), length(&shape[axes.end..])])
}

/// Numbers in the element type of `like`, beside it.
pub(crate) fn like_list(values: &[f64], like: &Tensor<1>) -> Tensor<1> {
    Tensor::from_data(TensorData::from(values), (&like.device(), like.dtype()))
}

/// `xᵖ`, with the exponent in the element type of `x`: Burn's `powf_scalar` rounds it to `f32` on `ndarray`.
pub(crate) fn power(x: Tensor<1>, p: f64) -> Tensor<1> {
    let exponent = like_list(&[p], &x).expand(x.dims());
    x.powf(exponent)
}
