//! A physics-informed network: second derivatives inside the loss, and parameters trained through them.
//!
//! A small network u(x) learns to solve u″ = −π² sin(πx) on [0, 1] with u(0) = u(1) = 0. Its loss is the mean square of
//! the equation's residual, which holds the network's second derivative by its input; training differentiates that once
//! more by the parameters. Burn alone cannot. The exact solution is sin(πx).
//! Run it with `cargo run --release --example pinn`.

use std::f64::consts::PI;

use burn::module::{Module, ModuleMapper, Param};
use burn::nn::{Linear, LinearConfig};
use burn::optim::AdamConfig;
use burn::tensor::{DType, Device, Tensor, TensorData};
use thalweg::prelude::*;

type Result<T> = std::result::Result<T, thalweg::autodiff::Error>;

#[derive(Module, Debug)]
struct Network {
    first: Linear,
    second: Linear,
    last: Linear,
}

impl Network {
    /// One number to one number: `[1]` to `[1]`.
    fn forward(&self, x: Tensor<1>) -> Tensor<1> {
        self.last.forward(self.second.forward(self.first.forward(x).tanh()).tanh())
    }

    /// The residual's mean square at the points `xs: [n, 1]`, and the squares of both boundary values.
    fn loss(&self, xs: &Tensor<2>) -> Result<Tensor<1>> {
        let curvature: Tensor<2> = vmap(grad(grad(|x: Tensor<1>| self.forward(x))))(xs)?;
        let residual = curvature + (xs.clone() * PI).sin() * (PI * PI);
        let ends = Tensor::cat(vec![xs.clone().narrow(0, 0, 1), xs.clone().narrow(0, xs.dims()[0] - 1, 1)], 0);
        let ends: Tensor<2> = vmap(|x: Tensor<1>| self.forward(x))(&ends)?;
        Ok(residual.powi_scalar(2).mean() + ends.powi_scalar(2).sum() * 10.0)
    }
}

/// Burn makes parameters in f32.
struct ToF64;

impl ModuleMapper for ToF64 {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, tensor, mapper) = param.consume();
        Param::from_mapped_value(id, tensor.cast(DType::F64), mapper)
    }
}

/// `n` points from 0 to 1.
fn points(n: usize, device: &Device) -> Tensor<2> {
    let values: Vec<f64> = (0..n).map(|k| k as f64 / (n - 1) as f64).collect();
    Tensor::from_data(TensorData::new(values, [n, 1]), (device, DType::F64))
}

/// The largest error on a fine grid.
fn error(model: &Network) -> Result<f64> {
    let device = Device::flex();
    let xs = points(201, &device);
    let model = model.valid();
    let ys: Tensor<2> = vmap(|x: Tensor<1>| lift_model(&model, x))(&xs)?;
    Ok((ys - (xs * PI).sin()).abs().max().into_scalar())
}

/// The network outside of training, whose parameters come in as constants.
fn lift_model(model: &Network, x: Tensor<1>) -> Tensor<1> {
    let layer = |l: &Linear, x: Tensor<1>| {
        let (w, b) = (constant(&l.weight.val()), l.bias.as_ref().map(|b| constant(&b.val())));
        burn::tensor::module::linear(x, w, b)
    };
    layer(&model.last, layer(&model.second, layer(&model.first, x).tanh()).tanh())
}

fn main() -> Result<()> {
    let device = Device::flex();
    device.seed(7);
    let layer = |from, to| LinearConfig::new(from, to).init(&device);
    let model = Network { first: layer(1, 24), second: layer(24, 24), last: layer(24, 1) };
    let mut model = model.map(&mut ToF64).train();
    let mut optimizer = AdamConfig::new().init();
    let xs = points(64, &device.autodiff());

    let step = module::trace_value_and_grad(|m: &Network, xs: &Tensor<2>| m.loss(xs), &model, &xs)?;
    println!("the training step is a graph of {} equations", step.func().eqns().len());
    println!("{:>6} {:>14} {:>14}", "step", "loss", "max error");
    const STEPS: usize = 2000;
    for k in 0..STEPS {
        let (loss, gradients, updated) = step.call(&model, &xs)?;
        if k % 250 == 0 {
            println!("{k:>6} {:>14.6e} {:>14.6e}", loss.into_scalar::<f64>(), error(&model)?);
        }
        let rate = 5e-3 * (1.0 - k as f64 / STEPS as f64) + 1e-5;
        model = optimizer.step(rate, updated, gradients);
    }
    let last = error(&model)?;
    println!("{STEPS:>6} {:>14} {last:>14.6e}", "");
    assert!(last < 1e-2, "the network is {last:e} away from the solution");
    Ok(())
}
