//! Roots and bases of matrices, computed on the host in `f64`, and products along one axis of a tensor.

use crate::prelude::*;
use crate::solvers::linalg::{eigen, svd};
use crate::tensors::like_list;

/// The elements on the host.
fn host(x: &Tensor<1>) -> Vec<f64> {
    x.to_data().iter().collect()
}

/// `A^(−1/p)` of a symmetric positive matrix of `n` rows, flat, as `U Σ^(−1/p) Vᵀ`: of a vanishing eigenvalue rounding may make a
/// negative one, of a singular value never.
pub(super) fn inverse_root(a: &Tensor<1>, n: usize, p: f64) -> Tensor<1> {
    let found = svd(&host(a), n, n);
    let mut root = vec![0.0; n * n];
    for ((value, left), right) in found.values.iter().zip(&found.left).zip(&found.right) {
        let scale = value.powf(-1.0 / p);
        for (i, x) in left.iter().enumerate() {
            right.iter().enumerate().for_each(|(j, y)| root[i * n + j] += scale * x * y);
        }
    }
    like_list(&root, a)
}

/// The eigenvectors of a symmetric matrix of `n` rows as columns, flat, by descending eigenvalue.
pub(super) fn eigenvectors(a: &Tensor<1>, n: usize) -> Tensor<1> {
    let found = eigen(&host(a), n);
    let mut columns = vec![0.0; n * n];
    for (k, vector) in found.vectors.iter().rev().enumerate() {
        vector.iter().enumerate().for_each(|(i, x)| columns[i * n + k] = *x);
    }
    like_list(&columns, a)
}

/// The singular vectors of a matrix with the `rank` largest singular values, as columns, flat: the left ones if it has at least
/// as many rows as columns, else the right ones.
pub(super) fn singular_basis(a: Tensor<2>, rank: usize) -> Tensor<1> {
    let [rows, columns] = a.dims();
    let like = a.reshape([rows * columns]);
    let found = svd(&host(&like), rows, columns);
    let vectors = if rows >= columns { found.left } else { found.right };
    let basis: Vec<f64> =
        (0..rows.max(columns)).flat_map(|i| vectors[..rank].iter().map(move |vector| vector[i])).collect();
    like_list(&basis, &like)
}

/// The order of descending `values`, on the host.
pub(super) fn descending(values: &Tensor<1>) -> Vec<usize> {
    let values = host(values);
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|i, j| values[*j].total_cmp(&values[*i]));
    order
}

/// An orthonormal basis of the columns of a matrix of `n` rows, flat: the first factor of its QR decomposition, by
/// Gram and Schmidt's method, twice so that rounding leaves it orthogonal.
pub(super) fn orthonormal(a: &Tensor<1>, n: usize) -> Tensor<1> {
    let a_ = host(a);
    let mut basis: Vec<Vec<f64>> = vec![];
    for j in 0..n {
        let mut column: Vec<f64> = (0..n).map(|i| a_[i * n + j]).collect();
        for _ in 0..2 {
            for other in &basis {
                let along: f64 = other.iter().zip(&column).map(|(x, y)| x * y).sum();
                column.iter_mut().zip(other).for_each(|(x, y)| *x -= along * y);
            }
        }
        let length = column.iter().map(|x| x * x).sum::<f64>().sqrt();
        // A column of zeros, as a gradient of zeros gives, has no direction and gets none.
        if length > 0.0 {
            column.iter_mut().for_each(|x| *x /= length);
        }
        basis.push(column);
    }
    let rows: Vec<f64> = (0..n * n).map(|k| basis[k % n][k / n]).collect();
    like_list(&rows, a)
}

/// `x` with one axis as rows: `[length, the rest]`.
fn unfolded(x: Tensor<1>, shape: &[usize], axis: usize) -> Tensor<2> {
    let x = cube(x, shape, axis..axis + 1);
    let [before, length, after] = x.dims();
    x.permute([1, 0, 2]).reshape([length, before * after])
}

/// The products of a tensor with itself over all axes but one, flat.
pub(super) fn gram(x: Tensor<1>, shape: &[usize], axis: usize) -> Tensor<1> {
    let n = shape[axis];
    let x = unfolded(x, shape, axis);
    x.clone().matmul(x.transpose()).reshape([n * n])
}

/// A tensor multiplied along one axis by a square matrix, flat, or by its transpose.
pub(super) fn along(x: Tensor<1>, shape: &[usize], axis: usize, m: Tensor<1>, transposed: bool) -> Tensor<1> {
    let n = shape[axis];
    let total = x.dims();
    let [before, _, after] = cube(x.clone(), shape, axis..axis + 1).dims();
    let m = m.reshape([n, n]);
    let m = if transposed { m.transpose() } else { m };
    let product = m.matmul(unfolded(x, shape, axis));
    product.reshape([n, before, after]).permute([1, 0, 2]).reshape(total)
}
