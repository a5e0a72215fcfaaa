//! `check_grads` passes what is right and refuses what is wrong, whatever the size of a function.

use burn::tensor::{DType, Device, Tensor, TensorData, activation};
use thalweg_autodiff::{Error, check_grads, stop_gradient};

const TYPES: [DType; 2] = [DType::F64, DType::F32];

fn point(values: &[f64], dtype: DType) -> Tensor<1> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), (&Device::flex(), dtype))
}

/// `x·detach(x)`, whose derivative is half of what it should be.
fn half(x: Tensor<1>) -> Tensor<1> {
    (x.clone() * stop_gradient(x)).sum()
}

#[test]
fn a_wrong_derivative_of_a_small_function_is_seen() {
    let at = |dtype| point(&[0.3, -0.7, 1.1], dtype);
    for (dtype, scales) in [(DType::F64, [1e3, 1.0, 1e-3, 1e-8]), (DType::F32, [1e3, 1.0, 1e-1, 1e-2])] {
        for scale in scales {
            let wrong = check_grads(|x: Tensor<1>| half(x) * scale, &at(dtype), 1);
            assert!(matches!(wrong, Err(Error::Check(_))), "{dtype:?}, {scale}: {wrong:?}");
            let right = check_grads(|x: Tensor<1>| x.square().sum() * scale, &at(dtype), 2);
            assert!(right.is_ok(), "{dtype:?}, {scale}: {right:?}");
        }
    }
}

#[test]
fn a_wrong_second_derivative_is_seen() {
    // d/dx of x² as x + detach(x): right in first order, half in second.
    let gradient = |x: Tensor<1>| x.clone() + stop_gradient(x);
    for dtype in TYPES {
        let x = point(&[0.3, -0.7, 1.1], dtype);
        let wrong = check_grads(|x: Tensor<1>| gradient(x) * 0.1, &x, 1);
        assert!(matches!(wrong, Err(Error::Check(_))), "{dtype:?}: {wrong:?}");
    }
}

#[test]
fn what_rounding_leaves_of_a_derivative_is_no_fault() {
    // Sums that are constant, so that their derivatives and differences are rounding alone.
    let normalized = |x: Tensor<1>| {
        let centred = x.clone() - x.clone().mean();
        let variance = centred.clone().square().mean();
        (centred / variance.sqrt()).sum()
    };
    // Burn's own subtracts a maximum without its gradient.
    let softmax = |x: Tensor<1>| x.clone().exp() / x.exp().sum();
    for dtype in TYPES {
        for scale in [1.0, 30.0] {
            let x = point(&(0..60).map(|i| scale * (f64::from(i) * 0.7).sin()).collect::<Vec<_>>(), dtype);
            // Exponentials of thirty leave the range of f32 in the second derivative.
            let small = x.clone().div_scalar(scale);
            for (kind, result) in [
                check_grads(|x: Tensor<1>| softmax(x).sum(), &x, 2),
                check_grads(normalized, &x, 2),
                check_grads(
                    |x: Tensor<1>| x.clone().exp() * x.neg().exp(),
                    &x.clone().mul_scalar(1.0 / scale),
                    2,
                ),
                check_grads(|x: Tensor<1>| softmax(x).log(), &small, 2),
                check_grads(|x: Tensor<1>| x.powi_scalar(3).sum(), &x.zeros_like(), 3),
            ]
            .into_iter()
            .enumerate()
            {
                assert!(result.is_ok(), "{kind}, {dtype:?}, {scale}: {result:?}");
            }
        }
    }
}

#[test]
fn a_kink_is_named() {
    let x = point(&[1e-8, 1.0], DType::F64);
    let error = check_grads(|x: Tensor<1>| activation::relu(x).sum(), &x, 1).unwrap_err();
    assert!(error.to_string().contains("If the function has a kink near this point"), "{error}");
}
