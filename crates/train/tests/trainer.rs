//! The trainer against training by hand, by burn-autodiff and by Burn's optimizers.

#![allow(deprecated)] // Burn discourages ndarray, which stays the second device that everything must run on.

mod common;

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams, SgdConfig};
use burn::tensor::{Device, Tensor};
use common::{Batch, Net, close, moons, says, to_f64, values};
use thalweg_optim::recipes::{Adam, Sgd};
use thalweg_optim::{AnyRecipe, Parameter, State, Step, Transform};
use thalweg_train::data::{Batches, Source};
use thalweg_train::metrics::{Metrics, accuracy};
use thalweg_train::{Error, Mode, Optimizer, Options, Policy, Result, Trainer};

/// Trains by batches of 16, whose last one in each epoch has two examples.
fn train(trainer: &mut Trainer<Net, Batch>, steps: usize, device: &Device) -> Result<Vec<f64>> {
    let data = moons();
    let mut batches = Batches::new(data.len(), 16, 1)?;
    (0..steps).map(|_| trainer.step(0.1, &data.batch(batches.next_rows(), device))).collect()
}

fn net(dropout: f64, device: &Device) -> Net {
    to_f64(Net::new(dropout, device))
}

fn loss(m: &Net, b: &Batch) -> Tensor<1> {
    m.loss(b)
}

#[test]
fn compiled_and_eager_training_agree() -> Result<()> {
    for device in [Device::flex(), Device::ndarray()] {
        let device = device.autodiff();
        let options = Options { average: Some(0.9), clip_norm: Some(0.7), ..Options::default() };
        let trained = |mode: Mode| -> Result<_> {
            let options = Options { mode, ..options.clone() };
            let mut trainer = Trainer::new(net(0.0, &device), Adam::default(), loss)?.with_options(options)?;
            let losses = train(&mut trainer, 100, &device)?;
            assert_eq!(trainer.explain().is_some(), mode == Mode::Compiled);
            Ok((trainer.eval_model()?, trainer.into_model()?, losses))
        };
        let (compiled, eager) = (trained(Mode::Compiled)?, trained(Mode::Eager)?);
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
    let mut batches = Batches::new(data.len(), 16, 1)?;
    for _ in 0..20 {
        let batch = data.batch(batches.next_rows(), &device);
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
    let mut batches = Batches::new(data.len(), 16, 1)?;
    for _ in 0..30 {
        let batch = data.batch(batches.next_rows(), &device);
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
        let options = Options { accumulate, ..Options::default() };
        let mut host = Trainer::new(net(0.0, &device), Optimizer::chain("host", HostScale), loss)?
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
fn code_that_cannot_be_traced_trains_eagerly() -> Result<()> {
    let device = Device::flex().autodiff();
    let loss = |m: &Linear, x: &Tensor<2>| {
        let y = m.forward(x.clone()).powi_scalar(2).mean();
        if y.clone().into_scalar::<f32>() > 1.0 { y * 2.0 } else { y }
    };
    let model = LinearConfig::new(2, 1).init(&device);
    let x = Tensor::<2>::from_floats([[3.0, 1.0], [0.0, 2.0]], &device);
    let mut trainer = Trainer::new(model.clone(), Sgd::default(), loss)?;
    says(trainer.step(0.01, &x), &["reads a tensor's value while it is traced"]);
    let mut trainer = trainer.with_options(Options { mode: Mode::Eager, ..Options::default() })?;
    for _ in 0..300 {
        trainer.step(0.05, &x)?;
    }
    assert!(trainer.step(0.05, &x)? < 1e-4);
    Ok(())
}

#[test]
fn accumulated_batches_make_the_step_of_their_union() -> Result<()> {
    let device = Device::flex().autodiff();
    let data = moons();
    // Batch norm tells a large batch from several small ones.
    let model = to_f64(LinearConfig::new(2, 2).init(&device));
    let loss = |m: &Linear, (x, labels): &Batch| {
        let loss = burn::nn::loss::CrossEntropyLossConfig::new().init(&x.device());
        loss.forward(m.forward(x.clone()), labels.clone())
    };
    let rows: Vec<usize> = (0..48).collect();
    for mode in [Mode::Compiled, Mode::Eager] {
        let options = Options { mode, clip_norm: Some(0.2), ..Options::default() };
        let mut whole = Trainer::new(model.clone(), Adam::default(), loss)?.with_options(options.clone())?;
        let mut parts = Trainer::new(model.clone(), Adam::default(), loss)?
            .with_options(Options { accumulate: 4, ..options })?;
        for _ in 0..3 {
            whole.step(0.1, &data.batch(&rows, &device))?;
            for part in rows.chunks(12) {
                parts.step(0.1, &data.batch(part, &device))?;
            }
        }
        assert_eq!((whole.steps(), parts.steps()), (3, 3));
        assert!((whole.gradient_norm().unwrap() - parts.gradient_norm().unwrap()).abs() < 1e-12);
        close(&whole.into_model()?, &parts.into_model()?, 1e-12);
    }
    Ok(())
}

#[test]
fn gradients_are_clipped_by_the_norm_of_all() -> Result<()> {
    let device = Device::flex().autodiff();
    let model: Linear = to_f64(LinearConfig::new(2, 1).init(&device));
    let before = values(&model);
    // The gradient is (3, 0) by the weights and 4 by the bias.
    let loss = |m: &Linear, x: &Tensor<2>| {
        m.forward(x.clone()).sum() + m.bias.as_ref().map_or_else(|| x.clone().sum(), |b| b.val()) * 3.0
    };
    let options = Options { clip_norm: Some(1.0), ..Options::default() };
    let mut trainer = Trainer::new(model, Sgd::default(), loss)?.with_options(options)?;
    let x = Tensor::<2>::from_data(
        burn::tensor::TensorData::from([[3.0_f64, 0.0]]),
        (&device, burn::tensor::DType::F64),
    );
    trainer.step(1.0, &x)?;
    assert!((trainer.gradient_norm().unwrap() - 5.0).abs() < 1e-12);
    let after = values(&trainer.into_model()?);
    let moved: Vec<f64> =
        before.iter().zip(&after).flat_map(|((_, b), (_, a))| b.iter().zip(a).map(|(b, a)| b - a)).collect();
    let factor = 1.0 / (5.0 + 1e-6);
    let expected = [3.0 * factor, 0.0, 4.0 * factor];
    assert!(moved.iter().zip(expected).all(|(m, e)| (m - e).abs() < 1e-14), "{moved:?}");
    Ok(())
}

#[test]
fn averages_start_with_the_first_step() -> Result<()> {
    let device = Device::flex().autodiff();
    let options = Options { average: Some(0.75), ..Options::default() };
    let mut trainer = Trainer::new(net(0.0, &device), Adam::default(), loss)?.with_options(options)?;
    let mut expected: Vec<(String, Vec<f64>)> = vec![];
    for step in 1..=5 {
        train(&mut trainer, 1, &device)?;
        let now = values(&trainer.model()?);
        if step == 1 {
            expected = now;
        } else {
            for ((path, e), (_, n)) in expected.iter_mut().zip(&now) {
                let mix = |(e, n): (&mut f64, &f64)| {
                    *e = if path.contains("running") { *n } else { 0.75 * *e + 0.25 * n }
                };
                e.iter_mut().zip(n).for_each(mix);
            }
        }
        let averaged = values(&trainer.eval_model()?);
        let gaps =
            averaged.iter().zip(&expected).flat_map(|(a, e)| a.1.iter().zip(&e.1).map(|(a, e)| (a - e).abs()));
        assert!(gaps.fold(0.0, f64::max) < 1e-13);
    }
    Ok(())
}

#[test]
fn optimizers_say_where_to_evaluate() -> Result<()> {
    let device = Device::flex().autodiff();
    let lookahead: AnyRecipe = "chain([sgd(lr=0.1), weight_ema(decay=0.5)])".parse()?;
    let mut trainer = Trainer::new(net(0.0, &device), lookahead, loss)?;
    train(&mut trainer, 1, &device)?;
    let first = values(&trainer.model()?);
    assert_eq!(values(&trainer.eval_model()?), first);
    train(&mut trainer, 1, &device)?;
    let (second, averaged) = (values(&trainer.model()?), values(&trainer.eval_model()?));
    for (((path, a), (_, b)), (_, mean)) in first.iter().zip(&second).zip(&averaged) {
        let expected = |(a, b): (&f64, &f64)| if path.contains("running") { *b } else { 0.5 * (a + b) };
        let gaps = a.iter().zip(b).map(expected).zip(mean).map(|(e, m)| (e - m).abs());
        assert!(gaps.fold(0.0, f64::max) < 1e-13, "{path}");
    }
    let plain = trainer.evaluate_model(&trainer.model()?, &moons(), 50)?;
    assert_ne!(trainer.evaluate(&moons(), 50)?.loss, plain.loss);
    Ok(())
}

#[test]
fn dropout_follows_the_seed() -> Result<()> {
    let device = Device::flex().autodiff();
    let trained = |seed: u64| -> Result<_> {
        let options = Options { seed, ..Options::default() };
        let mut trainer = Trainer::new(net(0.5, &device), Adam::default(), loss)?.with_options(options)?;
        let losses = train(&mut trainer, 6, &device)?;
        Ok((losses, values(&trainer.into_model()?)))
    };
    assert_eq!(trained(1)?, trained(1)?);
    assert_ne!(trained(1)?.0, trained(2)?.0);
    // Each step draws anew: without learning, the losses of one batch differ.
    let mut still = Trainer::new(net(0.5, &device), Adam::default(), loss)?;
    let batch = moons().batch(&[1, 2, 3, 4], &device);
    assert_ne!(still.step(0.0, &batch)?, still.step(0.0, &batch)?);
    Ok(())
}

#[test]
fn metrics_come_with_the_loss() -> Result<()> {
    let device = Device::flex().autodiff();
    let data = moons();
    let loss = |m: &Net, b: &Batch| {
        let logits = m.logits(b.0.clone());
        let loss = burn::nn::loss::CrossEntropyLossConfig::new().init(&logits.device());
        let loss = loss.forward(logits.clone(), b.1.clone());
        (loss, Metrics::new().with("accuracy", accuracy(&logits, &b.1)).with("largest", logits.max()))
    };
    let mut seen = vec![];
    for mode in [Mode::Compiled, Mode::Eager] {
        let options = Options { mode, ..Options::default() };
        let mut trainer = Trainer::new(net(0.0, &device), Adam::default(), loss)?.with_options(options)?;
        for _ in 0..60 {
            trainer.step(0.1, &data.batch(&(0..50).collect::<Vec<_>>(), &device))?;
        }
        let metrics = trainer.metrics().to_vec();
        assert_eq!(metrics.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["accuracy", "largest"]);
        assert!(metrics[0].1 > 0.8 && metrics[0].1 <= 1.0, "{metrics:?}");
        // In batches of another size, means are weighted by examples.
        let whole = trainer.evaluate(&data, 50)?;
        let parts = trainer.evaluate(&data, 16)?;
        assert!(
            (whole.loss - parts.loss).abs() < 1e-12 && (whole.metrics[0].1 - parts.metrics[0].1).abs() < 1e-12
        );
        assert_eq!(whole.metrics[0].0, "accuracy");
        says(trainer.evaluate(&data, 0), &["in batches of 0"]);
        seen.push(metrics);
    }
    assert!(seen[0].iter().zip(&seen[1]).all(|((_, a), (_, b))| (a - b).abs() < 1e-9));
    Ok(())
}

/// A loss that is NaN where an example is negative, and whose gradient alone is by the second weight at zero.
fn fragile(m: &Linear, x: &Tensor<2>) -> Tensor<1> {
    let [weight, bias] =
        [m.weight.val(), m.bias.as_ref().map(|b| b.val().unsqueeze()).unwrap_or_else(|| m.weight.val())];
    (weight.powi_scalar(2).sum() * x.clone().sum()).sqrt() + bias.powi_scalar(2).sum()
}

#[test]
fn policies_decide_on_what_is_not_finite() -> Result<()> {
    let device = Device::flex().autodiff();
    let points = |x: f32| Tensor::<2>::from_floats([[x, 0.0]], &device);
    let (good, zero, bad) = (points(1.0), points(0.0), points(-1.0));
    for mode in [Mode::Compiled, Mode::Eager] {
        let trainer = |policy: Policy, accumulate: usize| {
            let options = Options { mode, policy, accumulate, ..Options::default() };
            Trainer::new(LinearConfig::new(2, 1).init(&device), Adam::default(), fragile)?.with_options(options)
        };
        // Stop: the model stays, and training can go on.
        let mut stop = trainer(Policy::Stop, 1)?;
        stop.step(0.01, &good)?;
        let before = values(&stop.model()?);
        says(stop.step(0.01, &bad), &["In step 2 the loss is NaN", "the gradient by `weight`", "Policy::Skip"]);
        says(stop.step(0.01, &zero), &["In step 2 the gradient by `weight` is not finite, while the loss is"]);
        assert!(matches!(stop.step(0.01, &bad), Err(Error::NonFinite(r)) if r.step == 2 && r.loss.is_nan()));
        assert_eq!((values(&stop.model()?), stop.steps()), (before, 1));
        stop.step(0.01, &good)?;
        assert_eq!((stop.steps(), stop.non_finite()), (2, None));

        // Skip: as if the batch had not come.
        let (mut skip, mut without) = (trainer(Policy::Skip, 1)?, trainer(Policy::Skip, 1)?);
        let start = skip.model()?;
        let mut without_from =
            Trainer::new(start, Adam::default(), fragile)?.with_options(without.options().clone())?;
        std::mem::swap(&mut without, &mut without_from);
        for batch in [&good, &bad, &good, &zero, &good] {
            skip.step(0.01, batch)?;
            assert_eq!(skip.non_finite().is_some(), !std::ptr::eq(batch, &good));
        }
        (0..3).try_for_each(|_| without.step(0.01, &good).map(|_| ()))?;
        assert_eq!(skip.steps(), 3);
        assert_eq!(values(&skip.model()?), values(&without.model()?));

        // Continue: the number spreads.
        let mut go_on = trainer(Policy::Continue, 1)?;
        go_on.step(0.01, &good)?;
        assert!(go_on.step(0.01, &bad)?.is_nan());
        assert_eq!((go_on.steps(), go_on.non_finite().unwrap().parameter.as_deref()), (2, Some("weight")));
        assert!(values(&go_on.model()?)[0].1.iter().all(|w| w.is_nan()));

        // A step of several batches is left out whole, and the next one starts clean.
        let mut several = trainer(Policy::Skip, 2)?;
        for batch in [&bad, &good, &good, &good] {
            several.step(0.01, batch)?;
        }
        assert_eq!(several.steps(), 1);
        assert!(values(&several.model()?)[0].1.iter().all(|w| w.is_finite()));
        let mut several = trainer(Policy::Stop, 2)?;
        several.step(0.01, &good)?;
        says(several.step(0.01, &bad), &["In step 1"]);
        several.step(0.01, &good)?;
        several.step(0.01, &good)?;
        assert_eq!(several.steps(), 1);
        assert!(values(&several.model()?)[0].1.iter().all(|w| w.is_finite()));
    }
    Ok(())
}

#[test]
fn statistics_do_not_keep_a_skipped_batch() -> Result<()> {
    let device = Device::flex().autodiff();
    for mode in [Mode::Compiled, Mode::Eager] {
        for accumulate in [1, 2] {
            let options = Options { mode, accumulate, policy: Policy::Skip, ..Options::default() };
            let mut trainer = Trainer::new(net(0.0, &device), Adam::default(), loss)?.with_options(options)?;
            train(&mut trainer, 2, &device)?;
            let before = values(&trainer.model()?);
            let (x, labels) = moons().batch(&[0, 1, 2], &device);
            trainer.step(0.1, &(x * f64::NAN, labels))?;
            assert!(trainer.non_finite().is_some());
            assert_eq!(values(&trainer.model()?), before);
        }
    }
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
    for mode in [Mode::Compiled, Mode::Eager] {
        let mut model = net(0.0, &device);
        model.first.weight = model.first.weight.set_require_grad(false);
        let before = values(&model);
        let mut trainer =
            Trainer::new(model, Adam::default(), loss)?.with_options(Options { mode, ..Options::default() })?;
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
            .with_options(Options { clip_norm: Some(1e9), ..Options::default() })?
            .with_options(Options::default())?;
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
    let options = Options { mode: Mode::Traced, ..Options::default() };
    let mut trainer = Trainer::new(net(0.5, &device), Adam::default(), loss)?.with_options(options)?;
    let by_burn = train(&mut trainer, 8, &device)?;
    assert!(trainer.explain().is_none());
    assert!(compiled.iter().zip(&by_burn).all(|(a, b)| (a - b).abs() < 1e-12), "{compiled:?} {by_burn:?}");
    Ok(())
}

#[test]
fn settings_out_of_range_are_sentences() -> Result<()> {
    let device = Device::flex().autodiff();
    let with = |options: Options| Trainer::new(net(0.0, &device), Sgd::default(), loss)?.with_options(options);
    says(with(Options { accumulate: 0, ..Options::default() }), &["A step of no batches", "`accumulate`"]);
    says(
        with(Options { clip_norm: Some(0.0), ..Options::default() }),
        &["cannot be clipped to 0", "`clip_norm`"],
    );
    says(with(Options { average: Some(1.0), ..Options::default() }), &["cannot decay by 1", "`average`"]);
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
    let mut trainer = trainer.with_options(Options { mode: Mode::Eager, ..Options::default() })?;
    says(trainer.step(0.1, &moons().batch(&[0, 1], &device)), &["one float number"]);
    let mut trainer = Trainer::new(net(0.0, &device), Sgd::default(), loss)?;
    says(trainer.step(0.1, &moons().batch(&[0, 1], &Device::ndarray())), &["different devices", "`to_device`"]);
    let failing = |_: &Net, _: &Batch| Err::<Tensor<1>, _>("the closure's own words");
    let mut trainer = Trainer::new(net(0.0, &device), Sgd::default(), failing)?;
    says(trainer.step(0.1, &moons().batch(&[0, 1], &device)), &["the closure's own words"]);
    Ok(())
}
