//! The trainer against training by hand, by burn-autodiff and by Burn's optimizers.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams, SgdConfig};
use burn::tensor::{Device, Tensor};
use thalweg_autodiff::compiled_devices;
use thalweg_optim::recipes::{Adam, Sgd};
use thalweg_optim::{Parameter, State, Step, Transform};
use thalweg_train::data::{BatchSampler, Dataset};
use thalweg_train::{ExecutionMode, Optimizer, Result, Trainer, TrainerOptions};

use crate::common::{Batch, Net, close, loss, moons, net, says, train, values};

#[test]
fn compiled_and_eager_training_agree() -> Result<()> {
    for device in compiled_devices() {
        let device = device.autodiff();
        let options =
            TrainerOptions { ema_decay: Some(0.9), clip_norm: Some(0.7), ..TrainerOptions::default() };
        let trained = |mode: ExecutionMode| -> Result<_> {
            let options = TrainerOptions { mode, ..options.clone() };
            let mut trainer = Trainer::new(net(0.0, &device), Adam::default(), loss)?.with_options(options)?;
            let losses = train(&mut trainer, 100, &device)?;
            assert_eq!(trainer.explain().is_some(), mode == ExecutionMode::Compiled);
            Ok((trainer.eval_model()?, trainer.into_model()?, losses))
        };
        let (compiled, eager) = (trained(ExecutionMode::Compiled)?, trained(ExecutionMode::Eager)?);
        close(&compiled.1, &eager.1, 1e-9);
        close(&compiled.0, &eager.0, 1e-9);
        assert!(compiled.2.iter().zip(&eager.2).all(|(a, b)| (a - b).abs() < 1e-9));
        let epoch = |k: usize| compiled.2[4 * k..4 * k + 4].iter().sum::<f64>();
        assert!(epoch(24) < 0.5 * epoch(0), "{} {}", epoch(24), epoch(0));
    }
    Ok(())
}

#[test]
fn models_are_given_back_as_burn_would_leave_them() -> Result<()> {
    let device = Device::flex().autodiff();
    let data = moons();
    let mut theirs = net(0.0, &device);
    let mut trainer = Trainer::new(theirs.valid().train(), Sgd::default(), loss)?;
    let mut sgd = SgdConfig::new().init();
    let mut batches = BatchSampler::new(data.len(), 16, 1)?;
    for _ in 0..20 {
        let batch = data.batch(batches.next_indices(), &device);
        trainer.step(0.1, &batch)?;
        let gradients = GradientsParams::from_grads(theirs.loss(&batch).backward(), &theirs);
        theirs = sgd.step(0.1, theirs, gradients);
    }
    assert_eq!(trainer.steps(), 20);
    let ours = trainer.into_model()?;
    close(&ours, &theirs, 1e-12);
    assert!(ours.devices()[0].is_autodiff());
    assert_eq!(ours.first.weight.id, theirs.first.weight.id);
    assert!(ours.first.weight.val().is_require_grad() && !ours.norm.running_mean.value().is_require_grad());
    // Burn goes on with it.
    let batch = data.batch(&[0, 1, 2], &device);
    let gradients = GradientsParams::from_grads(ours.loss(&batch).backward(), &ours);
    sgd.step(0.1, ours, gradients);
    Ok(())
}

#[test]
fn models_on_plain_devices_train_and_stay_there() -> Result<()> {
    let device = Device::flex();
    let start = net(0.0, &device);
    let mut trainer = Trainer::new(start.clone(), Adam::default(), loss)?;
    train(&mut trainer, 3, &device)?;
    let model = trainer.model()?;
    assert!(!model.devices()[0].is_autodiff());
    assert_ne!(values(&model), values(&start));
    let mut other = Trainer::new(net(0.0, &device.clone().autodiff()), Adam::default(), loss)?;
    train(&mut other, 3, &device.autodiff())?;
    assert_eq!(values(&model), values(&other.into_model()?));
    Ok(())
}

#[test]
fn burns_optimizers_run_after_the_compiled_gradient() -> Result<()> {
    let device = Device::flex().autodiff();
    let data = moons();
    let mut theirs = net(0.0, &device);
    let ours = theirs.valid().train();
    let mut adam = AdamConfig::new().init();
    let mut trainer = Trainer::new(ours, Optimizer::burn("burn::Adam", AdamConfig::new().init()), loss)?;
    let mut batches = BatchSampler::new(data.len(), 16, 1)?;
    for _ in 0..30 {
        let batch = data.batch(batches.next_indices(), &device);
        trainer.step(0.01, &batch)?;
        let gradients = GradientsParams::from_grads(theirs.loss(&batch).backward(), &theirs);
        theirs = adam.step(0.01, theirs, gradients);
    }
    assert!(trainer.explain().is_some());
    close(&trainer.into_model()?, &theirs, 1e-11);
    Ok(())
}

/// Reads a value on the host, so that it cannot be traced.
#[derive(Debug)]
struct HostScale;

impl Transform for HostScale {
    fn update(&self, update: Tensor<1>, _: &mut State, _: &Parameter, step: &Step) -> Tensor<1> {
        let lr: f64 = step.lr.clone().into_scalar();
        update * lr
    }
}

#[test]
fn optimizers_that_cannot_be_traced_run_after_the_compiled_gradient() -> Result<()> {
    let device = Device::flex().autodiff();
    for accumulate in [1, 3] {
        let options = TrainerOptions { accumulation_steps: accumulate, ..TrainerOptions::default() };
        let mut host = Trainer::new(net(0.0, &device), Optimizer::custom("host", HostScale), loss)?
            .with_options(options.clone())?;
        let mut traced = Trainer::new(net(0.0, &device), Sgd::default(), loss)?.with_options(options)?;
        train(&mut host, 12, &device)?;
        train(&mut traced, 12, &device)?;
        assert!(host.explain().is_some());
        assert_eq!((host.steps(), traced.steps()), (12 / accumulate as u64, 12 / accumulate as u64));
        close(&host.into_model()?, &traced.into_model()?, 1e-13);
    }
    Ok(())
}

#[test]
fn a_step_that_was_compiled_ahead_is_the_same_step() -> Result<()> {
    let device = Device::flex().autodiff();
    let mut ahead = Trainer::new(net(0.0, &device), Adam::default(), loss)?;
    let mut plain = Trainer::new(net(0.0, &device), Adam::default(), loss)?;
    let batch = moons().batch(&[0; 16], &device);
    ahead.compile(&batch)?;
    let text = ahead.explain();
    assert!(ahead.steps() == 0 && text.is_some());
    train(&mut ahead, 5, &device)?;
    train(&mut plain, 5, &device)?;
    assert_eq!(ahead.explain(), text, "no other program was compiled");
    assert_eq!(values(&ahead.into_model()?), values(&plain.into_model()?));
    Ok(())
}

#[test]
fn code_that_cannot_be_traced_trains_eagerly() -> Result<()> {
    let device = Device::flex().autodiff();
    let loss = |m: &Linear, x: &Tensor<2>| {
        let y = m.forward(x.clone()).powi_scalar(2).mean();
        if y.clone().into_scalar::<f32>() > 1.0 { y * 2.0 } else { y }
    };
    let model = LinearConfig::new(2, 1).init(&device);
    let x = Tensor::<2>::from_floats([[3.0, 1.0], [0.0, 2.0]], &device);
    let strict = TrainerOptions { mode: ExecutionMode::Compiled, ..TrainerOptions::default() };
    let mut trainer = Trainer::new(model.clone(), Sgd::default(), loss)?.with_options(strict)?;
    says(trainer.step(0.01, &x), &["reads a tensor's value while it is traced"]);
    let mut trainer = Trainer::new(model, Sgd::default(), loss)?;
    assert_eq!(trainer.fallback(), None);
    for _ in 0..300 {
        trainer.step(0.05, &x)?;
    }
    assert!(trainer.step(0.05, &x)? < 1e-4);
    assert!(trainer.fallback().is_some_and(|why| why.contains("reads a tensor's value")));
    assert_eq!((trainer.explain(), trainer.steps()), (None, 301));
    Ok(())
}

#[test]
fn profiles_leave_the_training_as_it_was() -> Result<()> {
    let device = Device::flex().autodiff();
    let mut trainer = Trainer::new(net(0.2, &device), Adam::default(), loss)?;
    assert_eq!(trainer.profile(3)?, None);
    train(&mut trainer, 4, &device)?;
    let before = (values(&trainer.model()?), trainer.steps());
    let profile = trainer.profile(3)?.expect("the step is compiled");
    assert!(profile.contains("µs in all"), "{profile}");
    assert_eq!((values(&trainer.model()?), trainer.steps()), before);
    let mut other = Trainer::new(net(0.2, &device), Adam::default(), loss)?;
    train(&mut other, 4, &device)?;
    assert_eq!(train(&mut trainer, 4, &device)?, train(&mut other, 4, &device)?);
    Ok(())
}

#[test]
fn frozen_parameters_stay() -> Result<()> {
    let device = Device::flex().autodiff();
    for mode in [ExecutionMode::Compiled, ExecutionMode::Eager] {
        let mut model = net(0.0, &device);
        model.first.weight = model.first.weight.set_require_grad(false);
        let before = values(&model);
        let mut trainer = Trainer::new(model, Adam::default(), loss)?
            .with_options(TrainerOptions { mode, ..TrainerOptions::default() })?;
        train(&mut trainer, 4, &device)?;
        let model = trainer.into_model()?;
        assert!(!model.first.weight.val().is_require_grad() && model.last.weight.val().is_require_grad());
        for ((path, a), (_, b)) in values(&model).iter().zip(&before) {
            assert_eq!(a == b, path == "first.weight", "{path}");
        }
    }
    Ok(())
}

#[test]
fn programs_of_several_shapes_share_one_state() -> Result<()> {
    let device = Device::flex().autodiff();
    let data = moons();
    let all: Vec<usize> = (0..50).collect();
    let shapes: Vec<&[usize]> = vec![&all[..7], &all[7..20], &all[..7], &all[20..], &all[7..20]];
    let mut kept = Trainer::new(net(0.2, &device), Adam::default(), loss)?;
    let mut moved = Trainer::new(net(0.2, &device), Adam::default(), loss)?;
    for rows in &shapes {
        let batch = data.batch(rows, &device);
        let a = kept.step(0.1, &batch)?;
        // Other options and back compile everything anew around the same state.
        moved = moved
            .with_options(TrainerOptions { clip_norm: Some(1e9), ..TrainerOptions::default() })?
            .with_options(TrainerOptions::default())?;
        assert_eq!(a, moved.step(0.1, &batch)?);
        assert_eq!(values(&kept.model()?), values(&moved.model()?));
    }
    Ok(())
}

#[test]
fn steps_draw_the_same_by_burn_as_compiled() -> Result<()> {
    let device = Device::flex().autodiff();
    let mut trainer = Trainer::new(net(0.5, &device), Adam::default(), loss)?;
    let compiled = train(&mut trainer, 8, &device)?;
    let options = TrainerOptions { mode: ExecutionMode::Interpreted, ..TrainerOptions::default() };
    let mut trainer = Trainer::new(net(0.5, &device), Adam::default(), loss)?.with_options(options)?;
    let by_burn = train(&mut trainer, 8, &device)?;
    assert!(trainer.explain().is_none());
    assert!(compiled.iter().zip(&by_burn).all(|(a, b)| (a - b).abs() < 1e-12), "{compiled:?} {by_burn:?}");
    Ok(())
}

#[test]
fn settings_out_of_range_are_sentences() -> Result<()> {
    let device = Device::flex().autodiff();
    let with =
        |options: TrainerOptions| Trainer::new(net(0.0, &device), Sgd::default(), loss)?.with_options(options);
    says(
        with(TrainerOptions { accumulation_steps: 0, ..TrainerOptions::default() }),
        &["A step of no batches", "`accumulation_steps`"],
    );
    says(
        with(TrainerOptions { clip_norm: Some(0.0), ..TrainerOptions::default() }),
        &["cannot be clipped to 0", "`clip_norm`"],
    );
    says(
        with(TrainerOptions { ema_decay: Some(1.0), ..TrainerOptions::default() }),
        &["cannot decay by 1", "`ema_decay`"],
    );
    let mut mixed = net(0.0, &device);
    mixed.last = Net::new(0.0, &device).last;
    says(
        Trainer::new(mixed, Sgd::default(), loss),
        &["`first.weight` and `last.weight`", "F64 and F32", "cast all"],
    );
    says(Trainer::new(net(0.0, &device).no_grad(), Sgd::default(), loss), &["no trainable parameter"]);
    let mut trainer = Trainer::new(net(0.0, &device), Sgd::default(), |m: &Net, b: &Batch| {
        m.logits(b.0.clone()).sum_dim(0).flatten::<1>(0, 1)
    })?;
    says(trainer.step(0.1, &moons().batch(&[0], &device)), &["a function that returns one float number"]);
    let mut trainer =
        trainer.with_options(TrainerOptions { mode: ExecutionMode::Eager, ..TrainerOptions::default() })?;
    says(trainer.step(0.1, &moons().batch(&[0, 1], &device)), &["one float number"]);
    let mut trainer = Trainer::new(net(0.0, &device), Sgd::default(), loss)?;
    for other in &compiled_devices()[1..] {
        says(trainer.step(0.1, &moons().batch(&[0, 1], other)), &["different devices", "`to_device`"]);
    }
    let failing = |_: &Net, _: &Batch| Err::<Tensor<1>, _>("the closure's own words");
    let mut trainer = Trainer::new(net(0.0, &device), Sgd::default(), failing)?;
    says(trainer.step(0.1, &moons().batch(&[0, 1], &device)), &["the closure's own words"]);
    Ok(())
}
