//! What options, metrics and policies do to training.

use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor};
use thalweg_optim::AnyRecipe;
use thalweg_optim::recipes::{Adam, Sgd};
use thalweg_train::data::Dataset;
use thalweg_train::metrics::{Metrics, accuracy};
use thalweg_train::{Error, ExecutionMode, NonFinitePolicy, Result, Trainer, TrainerOptions};

use crate::common::{Batch, Net, close, loss, moons, net, says, to_f64, train, values};

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
    for mode in [ExecutionMode::Compiled, ExecutionMode::Eager] {
        let options = TrainerOptions { mode, clip_norm: Some(0.2), ..TrainerOptions::default() };
        let mut whole = Trainer::new(model.clone(), Adam::default(), loss)?.with_options(options.clone())?;
        let mut parts = Trainer::new(model.clone(), Adam::default(), loss)?
            .with_options(TrainerOptions { accumulation_steps: 4, ..options })?;
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
    let options = TrainerOptions { clip_norm: Some(1.0), ..TrainerOptions::default() };
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
    let options = TrainerOptions { ema_decay: Some(0.75), ..TrainerOptions::default() };
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
        let options = TrainerOptions { seed, ..TrainerOptions::default() };
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
    for mode in [ExecutionMode::Compiled, ExecutionMode::Eager] {
        let options = TrainerOptions { mode, ..TrainerOptions::default() };
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
    for mode in [ExecutionMode::Compiled, ExecutionMode::Eager] {
        let trainer = |policy: NonFinitePolicy, accumulate: usize| {
            let options =
                TrainerOptions { mode, policy, accumulation_steps: accumulate, ..TrainerOptions::default() };
            Trainer::new(LinearConfig::new(2, 1).init(&device), Adam::default(), fragile)?.with_options(options)
        };
        // Stop: the model stays, and training can go on.
        let mut stop = trainer(NonFinitePolicy::Stop, 1)?;
        stop.step(0.01, &good)?;
        let before = values(&stop.model()?);
        says(
            stop.step(0.01, &bad),
            &["In step 2 the loss is NaN", "the gradient by `weight`", "NonFinitePolicy::Skip"],
        );
        says(stop.step(0.01, &zero), &["In step 2 the gradient by `weight` is not finite, while the loss is"]);
        assert!(matches!(stop.step(0.01, &bad), Err(Error::NonFinite(r)) if r.step == 2 && r.loss.is_nan()));
        assert_eq!((values(&stop.model()?), stop.steps()), (before, 1));
        stop.step(0.01, &good)?;
        assert_eq!((stop.steps(), stop.non_finite()), (2, None));

        // Skip: as if the batch had not come.
        let (mut skip, mut without) = (trainer(NonFinitePolicy::Skip, 1)?, trainer(NonFinitePolicy::Skip, 1)?);
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
        let mut go_on = trainer(NonFinitePolicy::Continue, 1)?;
        go_on.step(0.01, &good)?;
        assert!(go_on.step(0.01, &bad)?.is_nan());
        assert_eq!((go_on.steps(), go_on.non_finite().unwrap().parameter.as_deref()), (2, Some("weight")));
        assert!(values(&go_on.model()?)[0].1.iter().all(|w| w.is_nan()));

        // A step of several batches is left out whole, and the next one starts clean.
        let mut several = trainer(NonFinitePolicy::Skip, 2)?;
        for batch in [&bad, &good, &good, &good] {
            several.step(0.01, batch)?;
        }
        assert_eq!(several.steps(), 1);
        assert!(values(&several.model()?)[0].1.iter().all(|w| w.is_finite()));
        let mut several = trainer(NonFinitePolicy::Stop, 2)?;
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
    for mode in [ExecutionMode::Compiled, ExecutionMode::Eager] {
        for accumulate in [1, 2] {
            let options = TrainerOptions {
                mode,
                accumulation_steps: accumulate,
                policy: NonFinitePolicy::Skip,
                ..TrainerOptions::default()
            };
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
