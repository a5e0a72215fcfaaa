//! Ties, kinks and NaN are Burn's: each derivative equals burn-autodiff's and the number that is stated.

use burn::tensor::activation::{leaky_relu, relu};
use burn::tensor::{DType, Device, Tensor, TensorData};
use thalweg_autodiff::{compiled_devices, grad, hessian};

type F = fn(Tensor<1>) -> Tensor<1>;

fn vector(values: &[f64], device: &Device) -> Tensor<1> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), (device, DType::F64))
}

fn same(a: &[f64], b: &[f64]) -> bool {
    let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-12 || (a.is_nan() && b.is_nan()) || a == b;
    a.len() == b.len() && a.iter().zip(b).all(near)
}

/// The gradient of the weighted sum of the result, with weights 1, 2, 3, …
fn gradients(f: F, at: &[f64], device: &Device) -> (Vec<f64>, Vec<f64>) {
    let weighted = |x: Tensor<1>| {
        let y = f(x.clone());
        let weights: Vec<f64> = (1..=y.dims()[0]).map(|k| k as f64).collect();
        (y * vector(&weights, &x.device())).sum()
    };
    let ours = grad(weighted)(&vector(at, device)).unwrap();
    let x = Tensor::from_inner(vector(at, device)).require_grad();
    let theirs = x.grad(&weighted(x.clone()).backward()).unwrap();
    (ours.to_data().iter().collect(), theirs.to_data().iter().collect())
}

#[track_caller]
fn holds(f: F, at: &[f64], expected: &[f64]) {
    for device in compiled_devices() {
        let (ours, theirs) = gradients(f, at, &device);
        assert!(same(&ours, &theirs), "ours {ours:?}, burn-autodiff's {theirs:?}, on {device:?}");
        assert!(same(&ours, expected), "ours {ours:?}, stated {expected:?}, on {device:?}");
    }
}

/// Where the devices' own index searches differ, ours follows the device's.
#[track_caller]
fn follows_burn(f: F, at: &[f64]) {
    for device in compiled_devices() {
        let (ours, theirs) = gradients(f, at, &device);
        assert!(same(&ours, &theirs), "ours {ours:?}, burn-autodiff's {theirs:?}, on {device:?}");
        assert!(ours.iter().any(|g| *g != 0.0));
    }
}

const NAN: f64 = f64::NAN;

#[test]
fn ties() {
    let tied = &[1.0, 3.0, 3.0, 2.0];
    holds(|x| x.max_dim(0), tied, &[0.0, 1.0, 0.0, 0.0]);
    holds(|x| x.max(), tied, &[0.0, 1.0, 0.0, 0.0]);
    holds(|x| x.min_dim(0), &[3.0, 1.0, 2.0, 1.0], &[0.0, 1.0, 0.0, 0.0]);
    holds(|x| x.max_dim_with_indices(0).0, tied, &[0.0, 1.0, 0.0, 0.0]);
    holds(|x| x.clone().max_pair(x.full_like(3.0)), tied, &[0.0, 2.0, 3.0, 0.0]);
    holds(|x| x.cummax(0), &[1.0, 3.0, 3.0, 2.0], &[1.0, 2.0, 7.0, 0.0]);
    holds(|x| x.cummin(0), &[2.0, 1.0, 1.0, 3.0], &[1.0, 2.0, 7.0, 0.0]);
    holds(|x| x.sort(0), &[2.0, 1.0, 1.0, 0.0], &[4.0, 2.0, 3.0, 1.0]);
    follows_burn(|x| x.topk(2, 0), tied);
}

#[test]
fn kinks() {
    holds(relu, &[-1.0, 0.0, 1.0], &[0.0, 0.0, 3.0]);
    holds(|x| leaky_relu(x, 0.25), &[-1.0, 0.0, 1.0], &[0.25, 2.0, 3.0]);
    holds(|x| x.abs(), &[-1.0, 0.0, 1.0], &[-1.0, 0.0, 3.0]);
    holds(|x| x.sign(), &[-1.0, 0.0, 1.0], &[0.0, 0.0, 0.0]);
    holds(|x| x.clamp(-1.0, 1.0), &[-2.0, -1.0, 0.0, 1.0, 2.0], &[0.0, 2.0, 3.0, 4.0, 0.0]);
    holds(|x| x.clamp_min(0.5), &[0.0, 0.5, 1.0], &[0.0, 2.0, 3.0]);
    holds(|x| x.clamp_max(0.5), &[0.0, 0.5, 1.0], &[1.0, 2.0, 0.0]);
    holds(|x| x.floor(), &[0.5, 1.0], &[0.0, 0.0]);
}

#[test]
fn powers_and_roots_at_zero() {
    holds(|x| x.clone().powi_scalar(0) + x, &[0.0, 2.0], &[1.0, 2.0]);
    holds(|x| x.powi_scalar(1), &[0.0, 2.0], &[1.0, 2.0]);
    holds(|x| x.powi_scalar(2), &[0.0, 2.0], &[0.0, 8.0]);
    holds(|x| x.powi_scalar(3), &[0.0, 2.0], &[0.0, 24.0]);
    holds(|x| x.powf_scalar(0.5), &[0.0, 4.0], &[f64::INFINITY, 0.5]);
    holds(|x| x.sqrt(), &[0.0, 4.0], &[f64::INFINITY, 0.5]);
    holds(|x| x.clone().hypot(x.zeros_like()), &[0.0, 2.0], &[NAN, 2.0]);
    holds(|x| x.clone().atan2(x.zeros_like()), &[0.0, 2.0], &[NAN, 0.0]);
    for device in compiled_devices() {
        let cube = |x: Tensor<1>| x.powi_scalar(3).sum();
        let h: Tensor<2> = hessian(cube)(&vector(&[0.0, 2.0], &device)).unwrap();
        assert_eq!(h.to_data().iter::<f64>().collect::<Vec<_>>(), [0.0, 0.0, 0.0, 12.0]);
    }
}

#[test]
fn products_with_zeros() {
    holds(|x| x.prod(), &[2.0, 0.0, 3.0], &[0.0, 6.0, 0.0]);
    holds(|x| x.prod(), &[0.0, 0.0, 3.0], &[0.0, 0.0, 0.0]);
    holds(|x| x.prod_dim(0), &[2.0, 0.0, 3.0, 5.0], &[0.0, 30.0, 0.0, 0.0]);
    holds(|x| x.cumprod(0), &[2.0, 0.0, 3.0], &[1.0, 2.0 * 2.0 + 3.0 * 6.0, 0.0]);
    holds(|x| x.cumprod(0), &[2.0, 0.0, 0.0, 3.0], &[1.0, 4.0, 0.0, 0.0]);
    // Burn cannot differentiate twice; the second derivatives of a product leave two factors out.
    for device in compiled_devices() {
        let product: [F; 2] = [|x| x.prod(), |x| x.cumprod(0).narrow(0, 2, 1)];
        for f in product {
            let h: Tensor<2> = hessian(f)(&vector(&[0.0, 0.0, 3.0], &device)).unwrap();
            let h: Vec<f64> = h.to_data().iter().collect();
            assert_eq!(h, [0.0, 3.0, 0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        }
    }
}

#[test]
fn nan_survives() {
    holds(|x| x.clone() * x.zeros_like(), &[NAN, 1.0], &[0.0, 0.0]);
    holds(|x| x.clone().zeros_like() * x.clone() * x, &[NAN, 1.0], &[NAN, 0.0]);
    holds(relu, &[NAN, 1.0], &[1.0, 2.0]);
    holds(|x| x.clamp(-1.0, 1.0), &[NAN, 0.5], &[1.0, 2.0]);
    holds(|x| x.log(), &[0.0, 1.0], &[f64::INFINITY, 2.0]);
    // The branch that is not taken: zero times its derivative, as in Burn.
    let masked = |x: Tensor<1>| {
        let mask = x.clone().lower_equal_elem(0.0);
        x.clone().sqrt().mask_where(mask, x)
    };
    holds(masked, &[0.0, 4.0], &[NAN, 0.5]);
}
