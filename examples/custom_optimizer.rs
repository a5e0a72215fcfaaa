//! An optimizer of your own: a rule for one tensor, trained eagerly, compiled, and saved and restored by Burn.
//!
//! The rule is momentum whose step is bounded by the size of the weights: `m ← β m + (1 − β) g`,
//! `θ ← θ − η m · min(1, ‖θ‖ / ‖m‖)`.

use burn::nn::{Linear, LinearConfig};
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor, TensorData};
use thalweg::optim::transforms::ScaleByLr;
use thalweg::optim::{Chain, CompiledDriver, Driver, Error, Parameter, PerTensor, State, Step, Transform};

#[derive(Debug)]
struct Bounded {
    beta: f64,
}

impl Transform for Bounded {
    fn init(&self, param: &Parameter) -> State {
        State::of([("m", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, _step: &Step) -> Tensor<1> {
        let m = state.average("m", self.beta, update);
        let norm = |x: &Tensor<1>| x.clone().square().sum().sqrt();
        let ratio = norm(&param.value) / (norm(&m) + 1e-12);
        m * ratio.clamp_max(1.0)
    }
}

fn optimizer() -> Chain {
    Chain::new(Bounded { beta: 0.9 }).then(ScaleByLr)
}

fn main() -> Result<(), Error> {
    // A bowl, x² + 10 y², from (3, -2): eager and compiled take the same steps.
    let device = Device::flex();
    let start = vec![Parameter::new(Tensor::<1>::from_floats([3.0, -2.0], &device))];
    let mut eager = Driver::new(optimizer(), start.clone())?;
    let mut compiled = CompiledDriver::new(&optimizer(), &start)?;
    for _ in 0..100 {
        let x = eager.params()[0].value.clone();
        let gradient = x * Tensor::from_floats([2.0, 20.0], &device);
        compiled.step(0.05, &[gradient.to_data()], None)?;
        eager.step(0.05, vec![gradient], None)?;
    }
    let (one, other) = (eager.params()[0].value.to_data(), compiled.params()?[0].clone());
    println!("eager    {one}\ncompiled {other}");
    let apart = one.iter::<f64>().zip(other.iter::<f64>()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(apart < 1e-5, "eager and compiled differ by {apart}");

    // In Burn: a linear layer, with the optimizer saved and restored half way.
    let device = device.autodiff();
    let x = Tensor::<2>::from_data(TensorData::from([[1.0, 2.0], [3.0, -1.0], [0.5, 0.5]]), &device);
    let y = Tensor::<2>::from_data(TensorData::from([[5.0], [1.0], [1.5]]), &device);
    let loss = |model: &Linear| (model.forward(x.clone()) - y.clone()).powi_scalar(2).mean();
    let mut model = LinearConfig::new(2, 1).init(&device);
    let first = loss(&model).into_scalar::<f32>();
    let mut optimizer_in_burn: ModuleOptimizer = PerTensor::new(optimizer())?.into();
    for step in 0..300 {
        let gradients = GradientsParams::from_grads(loss(&model).backward(), &model);
        model = optimizer_in_burn.step(0.05, model, gradients);
        if step == 150 {
            let record = optimizer_in_burn.to_record();
            optimizer_in_burn = ModuleOptimizer::from(PerTensor::new(optimizer())?).load_record(record);
        }
    }
    let last = loss(&model).into_scalar::<f32>();
    println!("loss of a linear layer: {first:.4} at first, {last:.2e} in the end");
    assert!(last < 0.05 * first, "the loss is {last}");
    Ok(())
}
