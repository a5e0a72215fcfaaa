//! Muon on hidden matrices and AdamW on everything else, by path, in Burn's own `ModuleOptimizer`.

use burn::module::{Module, ParamGroup};
use burn::nn::{Linear, LinearConfig};
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor, TensorData, activation::tanh};
use thalweg::optim::{Error, Recipe, parse, recipes::AdamW};

#[derive(Module, Debug)]
struct Network {
    input: Linear,
    hidden: Linear,
    output: Linear,
}

impl Network {
    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.output.forward(tanh(self.hidden.forward(tanh(self.input.forward(x)))))
    }
}

fn main() -> Result<(), Error> {
    let device = Device::flex().autodiff();
    device.seed(1);
    let mut model = Network {
        input: LinearConfig::new(2, 32).init(&device),
        hidden: LinearConfig::new(32, 32).init(&device),
        output: LinearConfig::new(32, 1).init(&device),
    };
    // Which parameter is whose: the last group that matches. A group names the paths that contain its text.
    let adamw = AdamW { weight_decay: 1e-4, ..AdamW::default() }.optimizer()?;
    let muon = parse("muon(weight_decay=0)")?.optimizer()?;
    let mut optimizer =
        ModuleOptimizer::from(adamw).with_group(ParamGroup::from_predicate("hidden.weight"), muon, None);

    // Inside or outside of a circle.
    let points: Vec<f32> = (0..128).map(|k| ((k * 37 % 128) as f32 / 64.0 - 1.0) * 1.2).collect();
    let sides: Vec<f32> =
        points.chunks(2).map(|p| if p[0] * p[0] + p[1] * p[1] < 0.7 { 1.0 } else { -1.0 }).collect();
    let x = Tensor::<2>::from_data(TensorData::new(points, [64, 2]), &device);
    let y = Tensor::<2>::from_data(TensorData::new(sides, [64, 1]), &device);
    let loss = |model: &Network| (model.forward(x.clone()) - y.clone()).powi_scalar(2).mean();

    let first = loss(&model).into_scalar::<f32>();
    for step in 0..=200 {
        let value = loss(&model);
        if step % 50 == 0 {
            println!("step {step:3}: loss {:.4}", value.clone().into_scalar::<f32>());
        }
        let gradients = GradientsParams::from_grads(value.backward(), &model);
        model = optimizer.step(5e-3, model, gradients);
    }
    let last = loss(&model).into_scalar::<f32>();
    assert!(last < 0.2 * first, "the loss went from {first} to {last}");
    Ok(())
}
