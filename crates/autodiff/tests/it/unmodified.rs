//! Burn's modules as they are: constants in fields, tied, frozen and whole-number parameters, running statistics however they are
//! updated. What a training step gets is what Burn's own eager code gives.

use burn::module::{Module, Param, RunningState};
use burn::nn::loss::{CrossEntropyLoss, CrossEntropyLossConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, Linear, LinearConfig, PositionalEncoding, PositionalEncodingConfig,
    RotaryEncoding, RotaryEncodingConfig,
};
use burn::optim::GradientsParams;
use burn::tensor::{Bool, Device, Distribution, Int, Tensor};
use thalweg_autodiff::module::{self, ParamGrads};
use thalweg_autodiff::{Error, Result, grad, hessian, trace};

fn training() -> Device {
    Device::flex().autodiff()
}

fn line(values: &[f32], device: &Device) -> Tensor<1> {
    Tensor::from_floats(values, device)
}

fn numbers<const D: usize>(x: Tensor<D>) -> Vec<f64> {
    x.into_data().iter().collect()
}

#[track_caller]
fn close(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 1e-5 * (1.0 + b.abs()), "{a} where {b} is right");
    }
}

/// Value and gradients of a loss are those of Burn's own reverse pass, by Burn's own type of gradients.
#[track_caller]
fn as_burn<M: Module, B: thalweg_autodiff::Tree>(model: &M, data: &B, loss: impl Fn(&M, &B) -> Tensor<1>) {
    let value = loss(model, data);
    let theirs = GradientsParams::from_grads(value.backward(), model);
    let (own_value, ours): (Tensor<1>, GradientsParams) = module::value_and_grad(&loss)(model, data).unwrap();
    close(&numbers(own_value), &numbers(value));
    struct Compare<'a>([&'a GradientsParams; 2], usize);
    impl burn::module::ModuleVisitor for Compare<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let [ours, theirs] = self.0.map(|all| all.get::<D>(param.id).map(numbers));
            assert_eq!(ours.is_some(), theirs.is_some(), "{}", param.id);
            if let (Some(ours), Some(theirs)) = (ours, theirs) {
                close(&ours, &theirs);
                self.1 += 1;
            }
        }
    }
    let mut compare = Compare([&ours, &theirs], 0);
    model.visit(&mut compare);
    assert!(compare.1 > 0, "nothing was compared");
}

#[derive(Module, Debug)]
struct WithConstants {
    position: PositionalEncoding,
    rotary: RotaryEncoding,
    inner: Linear,
    table: Tensor<1>,
    mask: Tensor<1, Bool>,
    shift: Tensor<1, Int>,
    loss: CrossEntropyLoss,
}

impl WithConstants {
    fn new(device: &Device) -> Self {
        WithConstants {
            position: PositionalEncodingConfig::new(8).with_max_sequence_size(16).init(device),
            rotary: RotaryEncodingConfig::new(16, 8).init(device),
            inner: LinearConfig::new(8, 4).init(device),
            table: line(&[1.0, -2.0, 0.5, 3.0], device),
            mask: Tensor::<1, Int>::from_ints([1, 0, 1, 0], device).equal_elem(1),
            shift: Tensor::from_ints([0, 1, 2, 3], device),
            loss: CrossEntropyLossConfig::new().with_weights(Some(vec![1.0, 2.0, 0.5, 1.5])).init(device),
        }
    }

    fn forward(&self, (x, labels): &(Tensor<3>, Tensor<1, Int>)) -> Tensor<1> {
        let x = self.rotary.forward(self.position.forward(x.clone()));
        let [batch, length, _] = x.dims();
        let logits = self.inner.forward(x).reshape([batch * length, 4]);
        let logits = logits * self.table.clone().unsqueeze::<2>() + self.shift.clone().float().unsqueeze::<2>();
        let hidden = self.mask.clone().unsqueeze::<2>().expand([batch * length, 4]);
        self.loss.forward(logits.clone(), labels.clone()) + logits.mask_fill(hidden, 0.0).mean()
    }
}

#[test]
fn constants_in_fields() {
    let device = training();
    let model = WithConstants::new(&device);
    let x = Tensor::<3>::random([2, 3, 8], Distribution::Default, &device);
    let data = (x, Tensor::<1, Int>::from_ints([0, 1, 2, 3, 0, 1], &device));
    as_burn(&model, &data, |m: &WithConstants, d: &_| m.forward(d));
    // In inference mode, with second derivatives.
    let (model, data) = (model.valid(), (data.0.inner(), data.1.inner()));
    let f = |m: &WithConstants, d: &(Tensor<3>, Tensor<1, Int>)| m.forward(d);
    let (_, module::AsModule(direction)) = module::value_and_grad(f)(&model, &data).unwrap();
    let (_, _): (_, ParamGrads) = module::hvp(f)(&model, &data, &direction).unwrap();
}

#[derive(Module, Debug)]
struct Tied {
    a: Param<Tensor<1>>,
    b: Param<Tensor<1>>,
}

#[test]
fn tied_parameters_are_one() {
    let device = training();
    let p = Param::from_tensor(line(&[1.0, 2.0], &device));
    let model = Tied { a: p.clone(), b: p };
    let loss = |m: &Tied, x: &Tensor<1>| (m.a.val() * x.clone()).sum() + (m.b.val() * m.b.val()).sum();
    let x = line(&[3.0, 4.0], &device);
    as_burn(&model, &x, loss);
    let (_, gradient): (_, GradientsParams) = module::value_and_grad(loss)(&model, &x).unwrap();
    close(&numbers(gradient.get::<1>(model.a.id).unwrap()), &[5.0, 8.0]);
    let (_, gradient): (_, ParamGrads) = module::value_and_grad(loss)(&model, &x).unwrap();
    assert_eq!(gradient.paths().collect::<Vec<_>>(), ["a"]);
}

#[test]
fn a_frozen_copy_is_a_parameter_of_its_own() {
    let device = training();
    let p = Param::from_tensor(line(&[1.0, 2.0], &device));
    let model = Tied { a: p.clone(), b: p.set_require_grad(false) };
    let loss = |m: &Tied, x: &Tensor<1>| (m.a.val() * m.b.val() * x.clone()).sum();
    let (_, gradient): (_, ParamGrads) =
        module::value_and_grad(loss)(&model, &line(&[3.0, 4.0], &device)).unwrap();
    assert_eq!(gradient.paths().collect::<Vec<_>>(), ["a"]);
    close(&numbers(gradient.get::<1, burn::tensor::Float>("a").unwrap()), &[3.0, 8.0]);
}

#[derive(Module, Debug)]
struct Parts {
    frozen: Param<Tensor<1>>,
    free: Param<Tensor<1>>,
    unused: Param<Tensor<1>>,
    state: RunningState<Tensor<1>>,
    count: Param<Tensor<1, Int>>,
}

impl Parts {
    fn new(device: &Device) -> Self {
        Parts {
            frozen: Param::from_tensor(line(&[10.0, 20.0], device)).set_require_grad(false),
            free: Param::from_tensor(line(&[1.0, 1.0], device)),
            unused: Param::from_tensor(line(&[1.0], device)),
            state: RunningState::new(line(&[3.0, 3.0], device)),
            count: Param::initialized(burn::module::ParamId::new(), Tensor::from_ints([2, 3], device)),
        }
    }
}

type Loss = fn(&Parts, &Tensor<1>) -> Tensor<1>;

#[test]
fn frozen_parameters_and_states_that_are_read_stay() -> Result<()> {
    let losses: [Loss; 8] = [
        |m, x| ((m.frozen.val() * 0.5 + m.free.val()) * x.clone()).sum(),
        |m, x| ((m.frozen.val() * 1.0 + m.free.val()) * x.clone()).sum(),
        |m, x| ((m.frozen.val() * 0.99 + m.free.val() * 0.01) * x.clone()).sum(),
        |m, x| (((m.frozen.val() * 0.9 + m.free.val()) * 0.9 + m.free.val()) * x.clone()).sum(),
        |m, x| (m.frozen.val().mul_scalar(0.5).add(x.ones_like()) * m.free.val()).sum(),
        |m, x| ((m.state.value() * 2.0 + m.free.val()) * x.clone()).sum(),
        |m, x| (m.free.val() * m.count.val().float() * x.clone()).sum(),
        |m, x| (m.free.val() * m.state.value() + m.frozen.val() * x.clone()).sum(),
    ];
    let device = training();
    let (model, x) = (Parts::new(&device), line(&[1.0, 2.0], &device));
    for loss in losses {
        as_burn(&model, &x, loss);
        let (_, _, after): (_, ParamGrads, Parts) = module::value_and_grad_with_state(loss)(&model, &x)?;
        close(&numbers(after.frozen.val()), &[10.0, 20.0]);
        close(&numbers(after.state.value()), &[3.0, 3.0]);
        assert!(!after.frozen.is_require_grad());
    }
    Ok(())
}

#[test]
fn a_state_is_what_its_cell_holds_after_the_forward_pass() -> Result<()> {
    fn updated(m: &Parts, new: Tensor<1>) -> Tensor<1> {
        m.state.update(new);
        m.free.val().sum()
    }
    let losses: [Loss; 6] = [
        |m, x| updated(m, x.clone() * 0.1 + m.state.value() * 0.9),
        |m, x| updated(m, m.state.value() + (x.clone() - m.state.value()) * 0.1),
        |m, x| updated(m, m.state.value() * 0.9 + (x.clone() * m.free.val()).detach() * 0.1),
        |m, x| updated(m, x.clone().powi_scalar(2)),
        |m, x| updated(m, m.state.value().max_pair(x.clone())),
        |m, _| updated(m, m.state.value() - 1.0),
    ];
    let device = training();
    let x = line(&[1.0, 5.0], &device);
    for loss in losses {
        let eager = Parts::new(&device);
        loss(&eager, &x);
        let (_, _, after): (_, ParamGrads, Parts) =
            module::value_and_grad_with_state(loss)(&Parts::new(&device), &x)?;
        close(&numbers(after.state.value()), &numbers(eager.state.value_sync()));
    }
    Ok(())
}

#[test]
fn many_states_are_all_read() -> Result<()> {
    let device = training();
    let norms: Vec<BatchNorm> = (0..5).map(|_| BatchNormConfig::new(3).init(&device)).collect();
    let x = Tensor::<2>::random([6, 3], Distribution::Default, &device);
    let loss =
        |m: &Vec<BatchNorm>, x: &Tensor<2>| m.iter().fold(x.clone(), |x, norm| norm.forward(x).exp()).mean();
    let (_, _, after): (_, ParamGrads, _) = module::value_and_grad_with_state(loss)(&norms, &x)?;
    let eager = norms.clone();
    let _ = loss(&eager, &x);
    for (ours, theirs) in after.iter().zip(&eager) {
        close(&numbers(ours.running_mean.value()), &numbers(theirs.running_mean.value_sync()));
        close(&numbers(ours.running_var.value()), &numbers(theirs.running_var.value_sync()));
    }
    Ok(())
}

#[test]
fn a_parameter_without_a_gradient_has_none() {
    let device = training();
    let model = Parts::new(&device);
    let loss = |m: &Parts, x: &Tensor<1>| (m.free.val() * x.clone()).sum() + m.unused.val().detach().sum();
    as_burn(&model, &line(&[1.0, 2.0], &device), loss);
}

/// Saliency, sharpness by the input, equations of physics: a model is a constant there.
#[test]
fn derivatives_by_the_input_of_a_model() -> Result<()> {
    for device in [Device::flex(), training()] {
        let model = WithConstants::new(&device);
        let x = Tensor::<3>::random([1, 2, 8], Distribution::Default, &device);
        let f = |x: Tensor<3>| module::constant(&model).inner.forward(x).powi_scalar(2).sum();
        let g = grad(f)(&x)?;
        let w = model.inner.weight.val();
        let y = model.inner.forward(x.clone());
        let right = (y * 2.0).reshape([2, 4]).matmul(w.transpose());
        close(&numbers(g), &numbers(right));
        let h: Tensor<2> = hessian(f)(&x)?;
        assert_eq!(h.dims(), [16, 16]);
        let ids = Tensor::<1, Int>::from_ints([0, 1], &device);
        let whole =
            trace(|x: Tensor<3>| module::constant(&model).forward(&(x, thalweg_autodiff::constant(&ids))), &x)?;
        close(&numbers(whole.call(&x)?), &numbers(model.forward(&(x, ids))));
    }
    // Without it, the error names the remedy.
    let model = LinearConfig::new(2, 1).init(&Device::flex());
    let x = Tensor::<2>::ones([1, 2], &Device::flex());
    let refused = grad(|x: Tensor<2>| model.forward(x).sum())(&x).err();
    assert_eq!(refused, Some(Error::DeviceMismatch));
    assert!(Error::DeviceMismatch.to_string().contains("module::constant(&model)"));
    Ok(())
}

/// What Burn's capture device cannot do is said, and nothing is printed.
#[test]
fn moves_in_training_mode_are_named() {
    let device = training();
    let norm = BatchNormConfig::new(3).init(&device);
    let x = Tensor::<2>::random([6, 3], Distribution::Default, &device);
    let twice = |m: &BatchNorm, x: &Tensor<2>| (m.forward(x.clone()) + m.forward(x.clone() * 2.0)).mean();
    let refused = module::value_and_grad::<_, _, _, ParamGrads>(twice)(&norm, &x).err().unwrap();
    assert_eq!(refused, Error::Moved);
    let moved = |m: &BatchNorm, x: &Tensor<2>| m.forward(x.clone().to_device(&x.device())).mean();
    let refused = module::value_and_grad::<_, _, _, ParamGrads>(moved)(&norm, &x).err().unwrap();
    assert!(refused.to_string().contains("to_device"), "{refused}");
    let backward = |m: &BatchNorm, x: &Tensor<2>| {
        let _ = m.forward(x.clone()).sum().backward();
        x.clone().sum()
    };
    let refused = module::value_and_grad::<_, _, _, ParamGrads>(backward)(&norm, &x).err().unwrap();
    assert_eq!(refused, Error::BurnAutodiff);
}

#[derive(Module, Debug)]
struct TiedBeforeFrozen {
    a: Param<Tensor<1>>,
    b: Param<Tensor<1>>,
    last: Param<Tensor<1>>,
}

/// A traced gradient is that of the parameters which were trained when it was traced.
#[test]
fn a_traced_gradient_is_refused_after_freezing_and_unfreezing() -> Result<()> {
    let device = training();
    let free = LinearConfig::new(2, 1).init(&device);
    let frozen = free.clone().no_grad();
    let x = Tensor::<2>::ones([3, 2], &device);
    let loss = |m: &Linear, x: &Tensor<2>| m.forward(x.clone()).mean();
    let traced = module::trace_value_and_grad(loss, &free, &x)?;
    let _: (Tensor<1>, ParamGrads, Linear) = traced.call(&free, &x)?;
    let refused = traced.call::<ParamGrads>(&frozen, &x).err().unwrap().to_string();
    assert_eq!(
        refused,
        "`weight` was trained when the gradient was traced, and is frozen now; trace it again."
    );
    let half = Linear { bias: free.bias.clone().map(|bias| bias.no_grad()), ..free.clone() };
    let traced = module::trace_value_and_grad(loss, &half, &x)?;
    let refused = traced.call::<ParamGrads>(&free, &x).err().unwrap().to_string();
    assert_eq!(refused, "`bias` was frozen when the gradient was traced, and is trained now; trace it again.");
    // Tied parameters before a frozen one are no change.
    let weight = Param::from_tensor(Tensor::<1>::from_floats([1.0, 2.0], &device));
    let (a, b) = (weight.clone(), weight);
    let last = Param::from_tensor(Tensor::<1>::from_floats([3.0], &device)).set_require_grad(false);
    let model = TiedBeforeFrozen { a, b, last };
    let loss = |m: &TiedBeforeFrozen, x: &Tensor<1>| ((m.a.val() + m.b.val()) * x.clone()).sum() * m.last.val();
    let x = Tensor::<1>::ones([2], &device);
    let traced = module::trace_value_and_grad(loss, &model, &x)?;
    assert!(traced.call::<ParamGrads>(&model, &x).is_ok());
    Ok(())
}
