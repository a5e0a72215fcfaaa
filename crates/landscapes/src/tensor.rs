//! Short words for formulas over one point.

use burn::tensor::{Tensor, TensorData};

/// The coordinates of a point of `N`, each of shape `[1]`.
pub(crate) fn coordinates<const N: usize>(x: Tensor<1>) -> [Tensor<1>; N] {
    std::array::from_fn(|i| x.clone().slice(i..i + 1))
}

/// Every `N`th coordinate from the first, from the second, and so on.
pub(crate) fn columns<const N: usize>(x: Tensor<1>) -> [Tensor<1>; N] {
    let rows = x.dims()[0] / N;
    let x = x.reshape([rows, N]);
    std::array::from_fn(|i| x.clone().slice([0..rows, i..i + 1]).reshape([rows]))
}

/// All coordinates but the last `k`.
pub(crate) fn head(x: &Tensor<1>, k: usize) -> Tensor<1> {
    let n = x.dims()[0];
    x.clone().slice(0..n - k)
}

/// All coordinates but the first `k`.
pub(crate) fn tail(x: &Tensor<1>, k: usize) -> Tensor<1> {
    let n = x.dims()[0];
    x.clone().slice(k..n)
}

/// Numbers in the element type of `like`, on its device.
pub(crate) fn constant(values: impl Into<Vec<f64>>, like: &Tensor<1>) -> Tensor<1> {
    let values = values.into();
    let n = values.len();
    Tensor::from_data(TensorData::new(values, [n]), (&like.device(), like.dtype()))
}

/// A matrix in row-major order in the element type of `like`, on its device.
pub(crate) fn matrix(values: &[f64], columns: usize, like: &Tensor<1>) -> Tensor<2> {
    let data = TensorData::new(values.to_vec(), [values.len() / columns, columns]);
    Tensor::from_data(data, (&like.device(), like.dtype()))
}

/// `A·x` for a matrix of `x.len()` columns in row-major order.
pub(crate) fn apply(a: &[f64], x: Tensor<1>) -> Tensor<1> {
    let n = x.dims()[0];
    let rows = a.len() / n;
    // From the right, one matrix serves all lanes of a batch in one product.
    let turned: Vec<f64> = (0..a.len()).map(|at| a[at % rows * n + at / rows]).collect();
    let turned = matrix(&turned, rows, &x);
    x.reshape([1, n]).matmul(turned).reshape([rows])
}

/// The Euclidean norm; where it is zero, so is the derivative that is taken.
pub(crate) fn norm(x: Tensor<1>) -> Tensor<1> {
    root(x.square().sum())
}

/// The square root of numbers that are not negative; where it is zero, so is the derivative that is taken.
pub(crate) fn root(x: Tensor<1>) -> Tensor<1> {
    let zero = x.clone().equal_elem(0.0);
    x.mask_fill(zero.clone(), 1.0).sqrt().mask_fill(zero, 0.0)
}

/// `xᵖ` of positive numbers, since Burn's own rounds the power to `f32` on `ndarray`.
pub(crate) fn raise(x: Tensor<1>, p: f64) -> Tensor<1> {
    (x.log() * p).exp()
}

/// `xᵖ` of numbers that are not negative; where they are zero, the derivative 0 is taken.
pub(crate) fn power(x: Tensor<1>, p: f64) -> Tensor<1> {
    let zero = x.clone().equal_elem(0.0);
    raise(x.mask_fill(zero.clone(), 1.0), p).mask_fill(zero, 0.0)
}

/// `sin²`.
pub(crate) fn sin2(x: Tensor<1>) -> Tensor<1> {
    x.sin().square()
}

/// One weight per coordinate: `weight(i, n)` for `i` from zero.
pub(crate) fn weights(n: usize, weight: impl Fn(f64) -> f64) -> Vec<f64> {
    (0..n).map(|i| weight(i as f64)).collect()
}

/// `i/(n−1)` for each of `n` coordinates, and zero where there is only one.
pub(crate) fn ramp(n: usize) -> Vec<f64> {
    weights(n, |i| i / (n.max(2) - 1) as f64)
}
