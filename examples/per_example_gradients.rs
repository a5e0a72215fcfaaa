//! One gradient for each example of a batch: `vmap` of `module::grad`.
//!
//! Burn gives the gradient of a whole batch. Gradients of single examples tell which ones pull hardest, are what
//! differentially private training clips, and their spread is the gradient noise. One graph computes them all.
//! Run it with `cargo run --release --example per_example_gradients`.

use std::time::{Duration, Instant};

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Distribution, Float, Tensor};
use thalweg::autodiff::module::ParamGrads;
use thalweg::prelude::*;

type Result<T> = std::result::Result<T, thalweg::autodiff::Error>;

#[derive(Module, Debug)]
struct Mlp {
    hidden: Linear,
    output: Linear,
}

impl Mlp {
    /// The squared error of one example.
    fn loss(&self, x: Tensor<1>, target: Tensor<1>) -> Tensor<1> {
        (self.output.forward(self.hidden.forward(x).tanh()) - target).powi_scalar(2).sum()
    }
}

type Example = (Tensor<1>, Tensor<1>);
type Examples = (Tensor<2>, Tensor<2>);

/// The norm of each lane's gradient.
fn norms(gradients: &ParamGrads, lanes: usize) -> Result<Vec<f32>> {
    let squares = |g: Tensor<2>| g.powi_scalar(2).sum_dim(1);
    let flat = |path: &str| -> Result<Tensor<2>> {
        Ok(match path.ends_with("bias") {
            true => gradients.get::<2, Float>(path)?,
            false => gradients.get::<3, Float>(path)?.flatten(1, 2),
        })
    };
    let mut total = Tensor::zeros([lanes, 1], &Device::flex());
    for path in gradients.paths() {
        total = total + squares(flat(path)?);
    }
    Ok(total.sqrt().to_data().iter().collect())
}

/// The norm of one example's gradient.
fn norm(gradient: &ParamGrads) -> Result<f32> {
    let square = |path: &str| -> Result<f32> {
        Ok(match path.ends_with("bias") {
            true => gradient.get::<1, Float>(path)?.powi_scalar(2).sum(),
            false => gradient.get::<2, Float>(path)?.powi_scalar(2).sum(),
        }
        .into_scalar())
    };
    Ok(gradient.paths().map(square).collect::<Result<Vec<f32>>>()?.into_iter().sum::<f32>().sqrt())
}

fn timed<T>(repeats: u32, mut f: impl FnMut() -> Result<T>) -> Result<(T, Duration)> {
    let mut last = f()?;
    let start = Instant::now();
    for _ in 0..repeats {
        last = f()?;
    }
    Ok((last, start.elapsed() / repeats))
}

fn main() -> Result<()> {
    const N: usize = 64;
    let device = Device::flex();
    device.seed(1);
    let model =
        Mlp { hidden: LinearConfig::new(10, 32).init(&device), output: LinearConfig::new(32, 1).init(&device) };
    let x = Tensor::<2>::random([N, 10], Distribution::Normal(0.0, 1.0), &device);
    let data: Examples = (x.clone(), x.sum_dim(1).sin());

    let loss = |m: &Mlp, (x, target): &Example| m.loss(x.clone(), target.clone());
    let gradient = |example: Example| module::grad::<_, _, _, ParamGrads>(loss)(&model, &example);
    let all = trace(|data: Examples| vmap::<_, _, _, _, ParamGrads>(gradient)(&data), &data)?;
    let (batched, together) = timed(20, || all.call(&data))?;
    let batched = norms(&batched, N)?;

    let example =
        |k: usize| (data.0.clone().narrow(0, k, 1).flatten(0, 1), data.1.clone().narrow(0, k, 1).flatten(0, 1));
    let one = trace(gradient, &example(0))?;
    // Both clocks run for the gradients alone; their norms are taken afterwards.
    let examples: Vec<Example> = (0..N).map(example).collect();
    let (looped, alone) =
        timed(5, || examples.iter().map(|e| one.call(e)).collect::<Result<Vec<ParamGrads>>>())?;
    let looped = looped.iter().map(norm).collect::<Result<Vec<f32>>>()?;

    println!("shapes of the {N} gradients:");
    for (path, shape) in all.call(&data)?.shapes() {
        println!("  {path:<14} {shape:?}");
    }
    let mut order: Vec<usize> = (0..N).collect();
    order.sort_by(|a, b| batched[*b].total_cmp(&batched[*a]));
    println!("\n{:>8} {:>14} {:>14}", "example", "norm, batched", "norm, looped");
    for k in order.iter().take(5).chain(order.iter().rev().take(3).rev()) {
        println!("{k:>8} {:>14.6} {:>14.6}", batched[*k], looped[*k]);
    }
    let gap = batched.iter().zip(&looped).fold(0.0f32, |m, (a, b)| m.max((a - b).abs() / (1.0 + b)));
    println!("\nlargest relative difference {gap:.1e}");
    println!("batched {together:?}, one by one {alone:?}");
    assert!(gap < 1e-4);
    Ok(())
}
