//! Noisy landscapes: right in the mean, of the stated size, the same for the same seed.

use burn::tensor::{DType, Device, Tensor};
use thalweg_autodiff::{seed, trace, value_and_grad};
use thalweg_landscapes::{Landscape, parse};

/// Values and gradients of many draws at one point.
fn draws(landscape: &Landscape, x: &[f64], count: usize) -> Vec<Vec<f64>> {
    let x = landscape.point(x, &Device::flex(), DType::F64).unwrap();
    let traced = trace(value_and_grad(|x: Tensor<1>| landscape.value(x)), &x).unwrap();
    seed(5);
    let one = |_| {
        let (value, gradient) = traced.call(&x).unwrap();
        value.to_data().iter().chain(gradient.to_data().iter()).collect()
    };
    (0..count).map(one).collect()
}

fn moments(draws: &[Vec<f64>], k: usize) -> (f64, f64) {
    let count = draws.len() as f64;
    let mean = draws.iter().map(|d| d[k]).sum::<f64>() / count;
    let variance = draws.iter().map(|d| (d[k] - mean).powi(2)).sum::<f64>() / count;
    (mean, variance.sqrt())
}

#[test]
fn gaussian_noise_has_the_stated_size() {
    const COUNT: usize = 4000;
    let (exact, x) = (parse("booth").unwrap(), [0.5, -1.0]);
    let known = draws(&exact, &x, 1).remove(0);
    let noisy = exact.noise(2.0, 0.5).unwrap();
    assert!(noisy.is_random() && !exact.is_random());
    let all = draws(&noisy, &x, COUNT);
    for (k, sigma) in [2.0, 0.5, 0.5].into_iter().enumerate() {
        let (mean, deviation) = moments(&all, k);
        let error = sigma / (COUNT as f64).sqrt();
        assert!((mean - known[k]).abs() < 5.0 * error, "{mean} {}", known[k]);
        assert!((deviation - sigma).abs() < 5.0 * error, "{deviation} {sigma}");
    }
    assert_eq!(all[..3], draws(&noisy, &x, 3)[..]);
    assert_ne!(all[0], all[1]);
}

#[test]
fn finite_sums_are_right_in_the_mean() {
    const COUNT: usize = 4000;
    let (exact, x) = (parse("himmelblau").unwrap(), [1.0, -0.5]);
    let known = draws(&exact, &x, 1).remove(0);
    for text in ["finite_sum(himmelblau, spread=3)", "finite_sum_shared(himmelblau, batch=4)"] {
        let all = draws(&parse(text).unwrap(), &x, COUNT);
        for (k, known) in known.iter().enumerate() {
            let (mean, deviation) = moments(&all, k);
            assert!(deviation > 0.0);
            assert!((mean - known).abs() < 5.0 * deviation / (COUNT as f64).sqrt(), "{text}: {mean} {known}");
        }
    }
    // There are as many functions as components.
    let few = draws(&parse("finite_sum(himmelblau, components=3)").unwrap(), &x, 200);
    let mut values: Vec<u64> = few.iter().map(|d| d[0].to_bits()).collect();
    values.sort_unstable();
    values.dedup();
    assert_eq!(values.len(), 3);
}

#[test]
fn a_shared_optimum_has_no_noise() {
    let at = [3.0, 2.0];
    let shared = draws(&parse("finite_sum_shared(himmelblau)").unwrap(), &at, 20);
    assert!(shared.iter().flatten().all(|v| *v == 0.0));
    let own = draws(&parse("finite_sum(himmelblau)").unwrap(), &at, 20);
    assert!(own.iter().all(|d| d[1..].iter().any(|g| g.abs() > 1e-3)));
}

#[test]
fn noise_runs_in_lanes_that_differ() {
    let landscape = parse("noise(booth)").unwrap();
    let same = vec![vec![1.0, 1.0]; 4];
    let values = thalweg_landscapes::analysis::Surface::of(&landscape).values(&same).unwrap();
    assert!(values.windows(2).all(|pair| pair[0] != pair[1]), "{values:?}");
}
