//! Draws inside of traced functions.

use burn::nn::DropoutConfig;
use burn::tensor::{Device, Distribution, Int, Tensor};
use thalweg_autodiff::{Result, compiled_devices, grad, seed, trace, value_and_grad, vmap, with_rng_key};

fn numbers<const D: usize>(t: &Tensor<D>) -> Vec<f64> {
    t.to_data().iter().collect()
}

fn ones(n: usize) -> Tensor<1> {
    Tensor::ones([n], &Device::flex())
}

#[test]
fn keys_and_seeds_decide() -> Result<()> {
    let f = |x: Tensor<1>| (x.clone() * x.random_like(Distribution::Default)).sum();
    let x = ones(8);
    let draw = || grad(f)(&x).map(|g| numbers(&g));
    assert_eq!(with_rng_key(3, draw)?, with_rng_key(3, draw)?);
    assert_ne!(with_rng_key(3, draw)?, with_rng_key(4, draw)?);
    seed(11);
    let first = (draw()?, draw()?);
    assert_ne!(first.0, first.1);
    seed(11);
    assert_eq!((draw()?, draw()?), first);
    let traced = trace(grad(f), &x)?;
    assert_ne!(numbers(&traced.call(&x)?), numbers(&traced.call(&x)?));
    assert_eq!(with_rng_key(3, || traced.call(&x)).map(|g| numbers(&g))?, with_rng_key(3, draw)?);
    Ok(())
}

#[test]
fn value_and_gradient_share_draws_and_equal_draws_stay_apart() -> Result<()> {
    let f = |x: Tensor<1>| (x.clone() * x.random_like(Distribution::Normal(0.0, 1.0))).sum();
    let (y, g) = value_and_grad(f)(&ones(50))?;
    assert!((y.into_scalar::<f64>() - numbers(&g).iter().sum::<f64>()).abs() < 1e-4);
    let two = |x: Tensor<1>| x.random_like(Distribution::Default) - x.random_like(Distribution::Default);
    let difference = numbers(&trace(two, &ones(50))?.call(&ones(50))?);
    assert!(difference.iter().all(|d| *d != 0.0));
    Ok(())
}

#[test]
fn lanes_draw_by_themselves_and_devices_alike() -> Result<()> {
    let f = |x: Tensor<1>| x.clone() * x.random_like(Distribution::Normal(1.0, 2.0));
    let draw = |device: &Device| -> Result<Vec<f64>> {
        let xs = Tensor::<2>::ones([3, 4], device);
        Ok(numbers::<2>(&with_rng_key(9, || vmap(f)(&xs))?))
    };
    let flex = draw(&Device::flex())?;
    compiled_devices().iter().try_for_each(|device| draw(device).map(|other| assert_eq!(flex, other)))?;
    assert_ne!(flex[..4], flex[4..8]);
    assert_ne!(flex[4..8], flex[8..]);
    // Also where the draw depends on no lane, and two axes of lanes deep.
    let deep = |x: Tensor<2>| -> Result<Tensor<2>> {
        vmap(|y: Tensor<1>| y.clone() + y.ones_like().random_like(Distribution::Default))(&x)
    };
    let all: Tensor<3> = vmap(deep)(&Tensor::<3>::zeros([2, 2, 3], &Device::flex()))?;
    let mut draws = numbers(&all);
    draws.sort_by(f64::total_cmp);
    draws.dedup();
    assert_eq!(draws.len(), 12);
    Ok(())
}

#[test]
fn dropout_is_active_in_training_only() -> Result<()> {
    let f = |x: Tensor<1>| DropoutConfig::new(0.25).init().forward(x).sum();
    assert_eq!(numbers(&grad(f)(&ones(100))?), [1.0; 100]);
    let x = Tensor::<1>::ones([4000], &Device::flex().autodiff());
    let g = numbers(&with_rng_key(1, || grad(f)(&x))?);
    let kept = g.iter().filter(|g| (**g - 4.0 / 3.0).abs() < 1e-6).count() as f64;
    assert_eq!(g.iter().filter(|g| **g == 0.0).count() as f64, 4000.0 - kept);
    // Five standard errors of a binomial.
    assert!((kept - 3000.0).abs() < 5.0 * (4000.0f64 * 0.75 * 0.25).sqrt(), "{kept} kept");
    Ok(())
}

#[test]
fn distributions_have_their_moments() -> Result<()> {
    let n = 40_000;
    let sample = |distribution: Distribution| -> Result<Vec<f64>> {
        let draw = trace(|x: Tensor<1>| x.random_like(distribution), &ones(n))?;
        Ok(numbers(&with_rng_key(2, || draw.call(&ones(n)))?))
    };
    let cases = [
        (Distribution::Default, 0.5, 1.0 / 12.0),
        (Distribution::Uniform(-2.0, 4.0), 1.0, 3.0),
        (Distribution::Normal(3.0, 0.5), 3.0, 0.25),
        (Distribution::Bernoulli(0.3), 0.3, 0.21),
    ];
    for (distribution, mean, variance) in cases {
        let values = sample(distribution)?;
        let m = values.iter().sum::<f64>() / n as f64;
        let v = values.iter().map(|x| (x - m).powi(2)).sum::<f64>() / n as f64;
        assert!((m - mean).abs() < 5.0 * (variance / n as f64).sqrt(), "{distribution:?}: mean {m}");
        // The variance of a squared deviation is at most twice its square for these, the normal one's.
        assert!(
            (v - variance).abs() < 5.0 * variance * (2.0 / n as f64).sqrt(),
            "{distribution:?}: variance {v}"
        );
    }
    assert!(sample(Distribution::Uniform(-2.0, 4.0))?.iter().all(|x| (-2.0..4.0).contains(x)));
    Ok(())
}

#[test]
fn whole_numbers_are_drawn() -> Result<()> {
    let draw = |x: Tensor<1>| {
        let i = Tensor::<1, Int>::random([600], Distribution::Uniform(0.0, 6.0), &x.device());
        (i, x)
    };
    let (i, _) = trace(draw, &ones(1))?.call(&ones(1))?;
    let mut seen = [0; 6];
    i.to_data().iter::<i64>().for_each(|i| seen[i as usize] += 1);
    assert!(seen.iter().all(|count| (60..140).contains(count)), "{seen:?}");
    Ok(())
}
