//! `detach()` never passes silently, and `stop_gradient` says what was meant.

use std::cell::Cell;

use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{
    BatchNorm, BatchNormConfig, Dropout, DropoutConfig, LayerNorm, LayerNormConfig, Linear, LinearConfig,
};
use burn::optim::GradientsParams;
use burn::tensor::activation::{log_softmax, softmax};
use burn::tensor::{DType, Device, Int, Tensor};
use thalweg_autodiff::module::{self, ParamGrads};
use thalweg_autodiff::{
    Error, Result, constant, grad, hessian, jvp, stop_gradient, trace, value_and_grad, vjp, vmap,
};

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

/// A module's gradient in training mode is Burn's own; in inference mode it is ours, which `detach()` is refused in.
#[test]
fn what_a_module_detaches_is_honoured_or_refused() {
    for device in [Device::flex(), Device::flex().autodiff()] {
        let model = Network::new(&device);
        let x = Tensor::random([5, 3], burn::tensor::Distribution::Default, &device);
        let data = (x, Tensor::<1, Int>::from_ints([0, 1, 1, 0, 1], &device));
        let (_, _): (_, ParamGrads) =
            module::value_and_grad(|m: &Network, d: &_| m.loss(d, false))(&model, &data).unwrap();
        let cut = module::value_and_grad::<_, _, _, GradientsParams>(|m: &Network, d: &_| m.loss(d, true));
        if !device.is_autodiff() {
            let cut = module::value_and_grad::<_, _, _, ParamGrads>(|m: &Network, d: &_| m.loss(d, true));
            detached(cut(&model, &data));
            continue;
        }
        let (_, gradients) = cut(&model, &data).unwrap();
        assert!(gradients.get::<2>(model.first.weight.id).is_none());
        assert!(gradients.get::<2>(model.last.weight.id).is_some());
    }
}

/// A graph does not tell what is detached in it, so that what a flag decides is asked for in every trace.
#[test]
fn a_flag_that_decides_is_seen() -> Result<()> {
    let x = Tensor::<1>::from_floats([3.0], &Device::flex());
    let f = |cut: bool| move |x: Tensor<1>| if cut { x.clone().detach() * x } else { x.clone() * x };
    assert_eq!(grad(f(false))(&x)?.into_scalar::<f32>(), 6.0);
    detached(grad(f(true))(&x));
    assert_eq!(grad(f(false))(&x)?.into_scalar::<f32>(), 6.0);

    fn plain(x: Tensor<1>) -> Tensor<1> {
        x.clone() * x
    }
    fn cut(x: Tensor<1>) -> Tensor<1> {
        x.clone() * x.detach()
    }
    let functions: [fn(Tensor<1>) -> Tensor<1>; 2] = [plain, cut];
    assert!(grad(functions[0])(&x).is_ok());
    detached(grad(functions[1])(&x));

    let boxed: [Box<dyn Fn(Tensor<1>) -> Tensor<1>>; 2] = [Box::new(plain), Box::new(cut)];
    assert!(grad(|x: Tensor<1>| boxed[0](x))(&x).is_ok());
    detached(grad(|x: Tensor<1>| boxed[1](x))(&x));
    Ok(())
}

#[test]
fn what_enters_and_leaves_inner_operators_is_covered() {
    let at = || Tensor::<1>::from_floats([1.0, 2.0], &Device::flex());
    let inner = |w: Tensor<1>| (w.clone().powi_scalar(3)).sum();
    // First-order MAML in its usual form.
    detached(grad(|w: Tensor<1>| {
        grad(inner)(&w).map(|g| ((w.clone() - g.detach() * 0.1).powi_scalar(2)).sum())
    })(&at()));
    detached(grad(|w: Tensor<1>| grad(inner)(&w.clone().detach()).map(|g| (g * w.clone()).sum()))(&at()));
    detached(grad(|w: Tensor<1>| {
        jvp(|x: Tensor<1>| x.powi_scalar(2))(&w, &w.clone().detach()).map(|(_, t)| t.sum())
    })(&at()));
    detached(grad(|w: Tensor<1>| {
        vjp(|x: Tensor<1>| x.powi_scalar(2))(&w, &w.clone().detach()).map(|(_, t)| (t * w.clone()).sum())
    })(&at()));
    let rows = Tensor::<2>::from_floats([[1.0, 2.0], [3.0, 4.0]], &Device::flex());
    detached(grad(|x: Tensor<2>| {
        vmap(|r: Tensor<1>| (r.clone().detach() * r).sum())(&x).map(|y: Tensor<2>| y.powi_scalar(2).sum())
    })(&rows));
    let stopped = grad(|w: Tensor<1>| {
        grad(inner)(&w).map(|g| ((w.clone() - stop_gradient(g) * 0.1).powi_scalar(2)).sum())
    })(&at());
    let found: Vec<f32> = stopped.unwrap().to_data().try_to_vec().unwrap();
    assert!((found[0] - 1.4).abs() < 1e-5 && (found[1] - 1.6).abs() < 1e-5, "{found:?}");
}

/// A share of a millionth is seen, also where masks hide it from most elements, and beside transposed convolutions.
#[test]
fn small_and_hidden_shares_are_seen() {
    let device = Device::flex();
    for scale in [1.0, 1e-2, 1e-4] {
        let f = |x: Tensor<1>| (x.clone().powi_scalar(2) + x.clone() * x.detach() * scale).sum();
        detached(grad(f)(&Tensor::<1>::from_floats([1.5, -2.0], &device)));
    }
    let late = Tensor::<1, Int>::arange(0..40, &device).greater_elem(35);
    let x = Tensor::<1>::random([40], burn::tensor::Distribution::Default, &device);
    detached(grad(|x: Tensor<1>| {
        let kept = x.clone().detach() * x.clone();
        (x.clone() * x).mask_where(constant(&late), kept).sum()
    })(&x));
    let (image, weight) = (Tensor::<3>::ones([1, 2, 5], &device), Tensor::<3>::ones([2, 3, 3], &device));
    detached(grad(|(x, w): (Tensor<3>, Tensor<3>)| {
        let options = burn::tensor::ops::ConvTransposeOptions::new([2], [0], [1], [1], 1);
        let y = burn::tensor::module::conv_transpose1d(x.clone(), w.clone(), None, options);
        y.powi_scalar(2).sum() + (w.clone() * w.detach()).sum()
    })(&(image, weight)));
}

/// Rounding is no detach: mixed precision, and functions that are steep where they are looked at.
#[test]
fn reduced_precision_passes() -> Result<()> {
    let device = Device::flex();
    let x = Tensor::<2>::random([6, 8], burn::tensor::Distribution::Normal(0.0, 1.0), &device);
    let w = Tensor::<2>::random([8, 5], burn::tensor::Distribution::Normal(0.0, 1.0), &device);
    for low in [DType::BF16, DType::F16] {
        let f = |(x, w): (Tensor<2>, Tensor<2>)| {
            let h = x.cast(low).matmul(w.cast(low));
            (log_softmax(h.clone(), 1) / (h.powi_scalar(2) + 3.0)).cast(DType::F32).sum()
        };
        grad(f)(&(x.clone(), w.clone()))?;
    }
    let angle = |(a, b): (Tensor<2>, Tensor<2>)| {
        let unit = |v: Tensor<2>| v.clone() / v.powi_scalar(2).sum_dim(1).sqrt();
        ((unit(a) * unit(b)).sum_dim(1) * 0.999).acos().sum()
    };
    grad(angle)(&(x.clone(), x * 1.001))?;
    Ok(())
}

/// The search traces the function again, and computes only for a graph that it has not seen.
#[test]
fn a_function_is_traced_twice() -> Result<()> {
    let runs = Cell::new(0);
    let counted = |x: Tensor<1>| {
        runs.set(runs.get() + 1);
        (x.clone().sin() * x.exp().cos()).sum()
    };
    let x = Tensor::<1>::from_floats([0.4, 0.8, 1.2], &Device::flex());
    grad(counted)(&x)?;
    assert_eq!(runs.replace(0), 2);
    let traced = trace(grad(counted), &x)?;
    assert_eq!(runs.replace(0), 2);
    traced.call(&x)?;
    assert_eq!(runs.get(), 0);
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

#[test]
fn what_vanishes_but_for_rounding_is_no_detach() -> Result<()> {
    // Sums that are constant: both gradients are rounding and nothing else.
    let softmax = |x: Tensor<1>| x.clone().exp() / x.exp().sum();
    for x in points() {
        grad(|x: Tensor<1>| softmax(x).sum())(&x)?;
        grad(|x: Tensor<1>| (x.clone() - x.mean() * 1.0).sum() / 3.0)(&x)?;
        grad(|x: Tensor<1>| (x.clone().exp() * x.neg().exp()).sum())(&x)?;
        // What is detached beside such a sum is seen, though small.
        detached(grad(|x: Tensor<1>| softmax(x.clone()).sum() + (x.clone().detach() * x).sum() * 1e-4)(&x));
    }
    Ok(())
}
