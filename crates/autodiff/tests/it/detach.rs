//! `detach()` never passes silently, and `stop_gradient` says what was meant.

use std::cell::Cell;

use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{
    BatchNorm, BatchNormConfig, Dropout, DropoutConfig, LayerNorm, LayerNormConfig, Linear, LinearConfig,
};
use burn::tensor::activation::{log_softmax, softmax};
use burn::tensor::{DType, Device, Int, Tensor};
use thalweg_autodiff::module::{self, Params};
use thalweg_autodiff::{Error, Result, grad, hessian, jvp, stop_gradient, value_and_grad};

fn points() -> Vec<Tensor<1>> {
    let x = Tensor::<1>::from_floats([1.5, -2.0], &Device::flex());
    vec![x.clone(), x.clone().cast(DType::F64), Tensor::from_inner(x)]
}

#[track_caller]
fn detached<T>(result: Result<T>) {
    let error = result.err().expect("a detached value must be refused");
    assert_eq!(error, Error::Detached);
    let text = error.to_string();
    assert!(text.contains("detach()") && text.contains("stop_gradient"), "{text}");
}

#[test]
fn branches_and_wholes_are_refused() {
    for x in points() {
        detached(grad(|x: Tensor<1>| (x.clone().detach() * x).sum())(&x));
        detached(grad(|x: Tensor<1>| (x.clone() * x).sum().detach())(&x));
        detached(value_and_grad(|x: Tensor<1>| (x.clone().exp() + x.sin().detach() * 0.1).sum())(&x));
        detached(jvp(|x: Tensor<1>| x.clone() * x.detach())(&x, &x));
        detached(hessian::<_, _, _, 2>(|x: Tensor<1>| (x.clone().powi_scalar(3) * x.detach()).sum())(&x));
    }
}

#[test]
fn nested_functions_are_covered() {
    for x in points() {
        // Inside the inner function, and of what it captures.
        detached(
            grad(|x: Tensor<1>| grad(|y: Tensor<1>| (y.clone().detach() * y).sum())(&x).map(|g| g.sum()))(&x),
        );
        detached(grad(|x: Tensor<1>| {
            let z = x.clone().detach();
            grad(|y: Tensor<1>| (y * z.clone()).sum())(&x).map(|g| (g * x.clone()).sum())
        })(&x));
        // Behind the inner function.
        detached(grad(|x: Tensor<1>| {
            grad(|y: Tensor<1>| (y.clone() * y).sum())(&x).map(|g| (g * x.clone().detach() * x.clone()).sum())
        })(&x));
    }
}

#[test]
fn stop_gradient_in_its_place_is_right() -> Result<()> {
    for x in points() {
        let g = grad(|x: Tensor<1>| (stop_gradient(x.clone()) * x).sum())(&x)?;
        assert_eq!(g.to_data(), x.clone().to_data());
        let g = grad(|x: Tensor<1>| stop_gradient((x.clone() * x).sum()))(&x)?;
        assert_eq!(g.to_data().iter::<f64>().collect::<Vec<_>>(), [0.0, 0.0]);
    }
    // Outside of a trace it detaches for burn-autodiff.
    let x = Tensor::<1>::from_floats([3.0], &Device::flex().autodiff()).require_grad();
    let grads = (stop_gradient(x.clone()) * x.clone()).backward();
    assert_eq!(x.grad(&grads).unwrap().into_scalar::<f32>(), 3.0);
    Ok(())
}

#[derive(Module, Debug)]
struct Network {
    first: Linear,
    batch_norm: BatchNorm,
    layer_norm: LayerNorm,
    dropout: Dropout,
    last: Linear,
}

impl Network {
    fn new(device: &Device) -> Self {
        Network {
            first: LinearConfig::new(3, 4).init(device),
            batch_norm: BatchNormConfig::new(4).init(device),
            layer_norm: LayerNormConfig::new(4).init(device),
            dropout: DropoutConfig::new(0.3).init(),
            last: LinearConfig::new(4, 2).init(device),
        }
    }

    fn loss(&self, (x, labels): &(Tensor<2>, Tensor<1, Int>), cut: bool) -> Tensor<1> {
        let h = self.batch_norm.forward(self.first.forward(x.clone()));
        let h = self.dropout.forward(self.layer_norm.forward(if cut { h.detach() } else { h }));
        let logits = self.last.forward(h);
        let penalty = (softmax(logits.clone(), 1) * log_softmax(logits.clone(), 1)).sum();
        CrossEntropyLossConfig::new().init(&x.device()).forward(logits, labels.clone()) + penalty * 0.1
    }
}

#[test]
fn layers_that_detach_for_good_reasons_pass() {
    for device in [Device::flex(), Device::flex().autodiff()] {
        let model = Network::new(&device);
        let x = Tensor::random([5, 3], burn::tensor::Distribution::Default, &device);
        let data = (x, Tensor::<1, Int>::from_ints([0, 1, 1, 0, 1], &device));
        let (_, _): (_, Params) =
            module::value_and_grad(|m: &Network, d: &_| m.loss(d, false))(&model, &data).unwrap();
        detached(module::value_and_grad::<_, _, _, Params>(|m: &Network, d: &_| m.loss(d, true))(
            &model, &data,
        ));
    }
}

#[test]
fn a_graph_is_checked_once() -> Result<()> {
    let runs = Cell::new(0);
    let counted = |x: Tensor<1>| {
        runs.set(runs.get() + 1);
        (x.clone().sin() * x.exp().cos()).sum()
    };
    let x = Tensor::<1>::from_floats([0.4, 0.8, 1.2], &Device::flex());
    grad(counted)(&x)?;
    let first = runs.replace(0);
    grad(counted)(&(x * 2.0))?;
    assert_eq!((first, runs.get()), (2, 1));
    Ok(())
}

/// At a critical point large terms cancel, and burn-autodiff rounds the divisor to f32: no reason to refuse.
#[test]
fn functions_are_checked_at_their_critical_points() -> Result<()> {
    let at = |y: f64| Tensor::<1>::from_data([y], (&Device::flex(), DType::F64));
    let f = |y: Tensor<1>| {
        let q = y.square();
        (q.clone().square() * (q / 6.0 - 0.25)).sum()
    };
    assert!(grad(f)(&at(1.0))?.into_scalar::<f64>().abs() < 1e-15);
    detached(grad(|y: Tensor<1>| f(y.clone()) + (y.clone() - 1.0) * (y - 1.0).detach())(&at(1.0)));
    Ok(())
}
