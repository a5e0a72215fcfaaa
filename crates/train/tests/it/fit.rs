//! The loop: budgets, schedules, validation, early stop, checkpoints.

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;

use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor};
use thalweg_optim::recipes::{Adam, Sgd};
use thalweg_train::checkpoint::Checkpoint;
use thalweg_train::data::{Dataset, TensorDataset};
use thalweg_train::fit::{Direction, EarlyStopping, StopReason};
use thalweg_train::mlp::{Mlp, MlpConfig, Precision};
use thalweg_train::{Fit, NonFinitePolicy, Optimizer, Result, Trainer, TrainerOptions};

use crate::common::{moons, says, values};

fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("fit-{name}"));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

type Labelled = <TensorDataset as Dataset>::Batch;

fn fresh(options: TrainerOptions) -> Result<Trainer<Mlp, Labelled>> {
    let config = MlpConfig { precision: Precision::F64, dropout: 0.2, ..MlpConfig::new([2, 8, 2]) };
    Trainer::new(config.init(1, &Device::flex())?, Adam::default(), Mlp::cross_entropy)?.with_options(options)
}

#[test]
fn epochs_schedules_and_validation() -> Result<()> {
    let (train, test) = moons().split(40, 1)?;
    let asked = RefCell::new(vec![]);
    let rate = |step: u64| {
        asked.borrow_mut().push(step);
        0.1 / (1.0 + step as f64)
    };
    let mut seen = vec![];
    let mut trainer = fresh(TrainerOptions::default())?;
    let fit = Fit::new(&train).epochs(3).batch_size(16).lr_schedule(rate).validation(&test);
    let history = fit.on_epoch_end(|epoch| seen.push(epoch.clone())).run(&mut trainer)?;
    assert_eq!(*asked.borrow(), (0..9).collect::<Vec<u64>>());
    assert_eq!(
        (history.stop_reason, history.resumed_at_step, history.epochs.len()),
        (StopReason::Epochs, None, 3)
    );
    assert_eq!(history.epochs, seen);
    let last = &seen[2];
    assert_eq!((last.epoch, last.steps, last.learning_rate, last.examples), (2, 9, 0.1 / 9.0, 40));
    assert_eq!(last.validation, Some(trainer.evaluate(&test, 10)?));
    assert!(last.train.metric("accuracy").is_some() && last.train.metric("recall").is_none());
    assert!(last.throughput() > 0.0);
    Ok(())
}

#[test]
fn means_weigh_batches_by_their_examples() -> Result<()> {
    // A model that does not learn has the same loss on the whole set as in the mean over its batches.
    let config = MlpConfig { precision: Precision::F64, ..MlpConfig::new([2, 8, 2]) };
    let mut trainer = Trainer::new(config.init(1, &Device::flex())?, Sgd::default(), Mlp::cross_entropy)?;
    let data = moons();
    let history = Fit::new(&data).batch_size(16).lr_schedule(|_| 0.0).run(&mut trainer)?;
    let whole = trainer.evaluate(&data, 50)?;
    let mean = &history.epochs[0].train;
    assert!((mean.loss - whole.loss).abs() < 1e-12, "{} {}", mean.loss, whole.loss);
    assert!((mean.metric("accuracy").unwrap() - whole.metric("accuracy").unwrap()).abs() < 1e-12);
    Ok(())
}

#[test]
fn rates_come_from_the_optimizer_where_none_is_given() -> Result<()> {
    let data = moons();
    let config = MlpConfig { precision: Precision::F64, ..MlpConfig::new([2, 4, 2]) };
    let model = || config.init(1, &Device::flex());
    let mut own = Trainer::new(model()?, Adam { lr: 0.03, ..Adam::default() }, Mlp::cross_entropy)?;
    let history = Fit::new(&data).run(&mut own)?;
    assert_eq!(history.epochs[0].learning_rate, 0.03);
    let adam = Optimizer::burn("burn::Adam", burn::optim::AdamConfig::new().init());
    says(
        Fit::new(&data).run(&mut Trainer::new(model()?, adam, Mlp::cross_entropy)?),
        &["no learning rate", "`Fit::rate`"],
    );
    says(Fit::new(&data).batch_size(0).run(&mut own), &["Batches of 0"]);
    Ok(())
}

#[test]
fn training_stops_when_nothing_gets_better() -> Result<()> {
    let data = moons();
    let stop = |rule: EarlyStopping| -> Result<_> {
        let mut trainer = fresh(TrainerOptions::default())?;
        // Nothing changes from the fifth epoch on.
        let rate = |step: u64| if step < 4 * 4 { 0.05 } else { 0.0 };
        let best = folder("best").join("best.safetensors");
        let fit = Fit::new(&data)
            .epochs(50)
            .batch_size(13)
            .lr_schedule(rate)
            .validation(&data)
            .early_stopping(rule)
            .best_checkpoint(&best);
        let history = fit.run(&mut trainer)?;
        let losses: Vec<f64> = history.epochs.iter().map(|e| e.validation.as_ref().unwrap().loss).collect();
        Ok((history, losses, Checkpoint::read(&best)?.steps()))
    };
    let (history, losses, best) = stop(EarlyStopping { patience: 3, ..EarlyStopping::default() })?;
    let least = (0..losses.len()).min_by(|a, b| losses[*a].total_cmp(&losses[*b])).unwrap();
    assert_eq!(history.stop_reason, StopReason::NoImprovement { best: Some(least as u64) });
    assert_eq!((history.epochs.len(), best), (least + 5, 4 * (least as u64 + 1)));
    let (history, ..) = stop(EarlyStopping { patience: 2, min_delta: 1e9, ..EarlyStopping::default() })?;
    assert_eq!((history.epochs.len(), history.stop_reason), (4, StopReason::NoImprovement { best: Some(0) }));
    let largest = Some(("accuracy".to_string(), Direction::Maximize));
    let (history, ..) = stop(EarlyStopping { metric: largest, patience: 4, ..EarlyStopping::default() })?;
    let accuracy = |k: usize| history.epochs[k].validation.as_ref().unwrap().metric("accuracy").unwrap();
    let StopReason::NoImprovement { best: Some(best) } = history.stop_reason else {
        panic!("{:?}", history.stop_reason)
    };
    assert!((0..history.epochs.len()).all(|k| accuracy(k) <= accuracy(best as usize)));
    let unknown = Some(("f1".to_string(), Direction::Maximize));
    says(
        stop(EarlyStopping { metric: unknown, ..EarlyStopping::default() }),
        &["the metric `f1`", "reports `accuracy`"],
    );
    Ok(())
}

#[test]
fn loops_go_on_from_their_checkpoint() -> Result<()> {
    let data = moons();
    let path = folder("resume").join("state.safetensors");
    let options = TrainerOptions { ema_decay: Some(0.8), ..TrainerOptions::default() };
    let fit = |epochs: u64| {
        Fit::new(&data).epochs(epochs).batch_size(16).seed(3).lr_schedule(|_| 0.02).validation(&data)
    };
    let mut whole = fresh(options.clone())?;
    let history = fit(6).run(&mut whole)?;
    for epochs in [2, 3, 6] {
        let mut part = fresh(options.clone())?;
        let config = serde_json::json!({"sizes": [2, 8, 2]});
        let own = fit(epochs).checkpoint(&path).config(config.clone()).run(&mut part)?;
        assert_eq!(own.resumed_at_step, (epochs > 2).then_some(if epochs == 3 { 8 } else { 12 }));
        for epoch in own.epochs {
            let same = &history.epochs[epoch.epoch as usize];
            assert_eq!(
                (&epoch.train, &epoch.validation, epoch.steps),
                (&same.train, &same.validation, same.steps)
            );
        }
        assert_eq!(Checkpoint::read(&path)?.metadata()["config"], config);
        if epochs == 6 {
            assert_eq!(values(&part.model()?), values(&whole.model()?));
            assert_eq!(values(&part.eval_model()?), values(&whole.eval_model()?));
            // All epochs are made: nothing is left to do.
            let again = fit(6).checkpoint(&path).run(&mut part)?;
            assert_eq!((again.epochs.len(), again.resumed_at_step), (0, Some(24)));
        }
    }
    let trainer = || fresh(options.clone());
    says(
        fit(9).batch_size(8).checkpoint(&path).run(&mut trainer()?),
        &["made with 16 examples in a batch, but there are 8"],
    );
    says(fit(9).seed(4).checkpoint(&path).run(&mut trainer()?), &["made with 3 as the seed of the order"]);
    let small = data.select(&[0, 1, 2])?;
    says(
        Fit::new(&small).epochs(9).checkpoint(&path).run(&mut trainer()?),
        &["made with 50 examples, but there are 3"],
    );
    trainer()?.save(&path)?;
    says(fit(9).checkpoint(&path).run(&mut trainer()?), &["was not made by `Fit`", "`Trainer::load`"]);
    fs::write(&path, "else").unwrap();
    says(fit(9).checkpoint(&path).run(&mut trainer()?), &["is no checkpoint"]);
    Ok(())
}

#[test]
fn checkpoints_within_epochs_resume_there() -> Result<()> {
    let data = moons();
    let path = folder("within").join("state.safetensors");
    let stop_at = |steps: u64| {
        let mut trainer = fresh(TrainerOptions::default())?;
        // A rate that is no number ends the training where we want it.
        let rate = move |step: u64| if step == steps { f64::NAN } else { 0.02 };
        let result = Fit::new(&data)
            .epochs(4)
            .batch_size(16)
            .lr_schedule(rate)
            .checkpoint(&path)
            .checkpoint_every_steps(3)
            .run(&mut trainer);
        result.map(|history| (history, trainer))
    };
    says(stop_at(3), &["a learning rate of NaN"]);
    let kept = Checkpoint::read(&path)?;
    assert_eq!((kept.steps(), kept.sampler_state().map(|o| (o.epoch, o.position))), (3, Some((0, 48))));
    let (history, resumed) = stop_at(u64::MAX)?;
    assert_eq!((history.resumed_at_step, history.epochs[0].examples), (Some(3), 2));
    let mut whole = fresh(TrainerOptions::default())?;
    Fit::new(&data).epochs(4).batch_size(16).lr_schedule(|_| 0.02).run(&mut whole)?;
    assert_eq!(values(&resumed.model()?), values(&whole.model()?));
    Ok(())
}

#[test]
fn numbers_that_are_not_finite_are_collected() -> Result<()> {
    struct Holes;
    impl Dataset for Holes {
        type Batch = Tensor<2>;

        fn len(&self) -> usize {
            9
        }

        fn batch(&self, rows: &[usize], device: &Device) -> Tensor<2> {
            let x = |k: &usize| if *k == 4 { f32::INFINITY } else { 1.0 };
            let values: Vec<f32> = rows.iter().map(x).collect();
            Tensor::<1>::from_floats(values.as_slice(), device).unsqueeze_dim(1)
        }
    }
    let loss = |m: &Linear, x: &Tensor<2>| m.forward(x.clone()).powi_scalar(2).mean();
    let options = TrainerOptions { policy: NonFinitePolicy::Skip, ..TrainerOptions::default() };
    let mut trainer = Trainer::new(LinearConfig::new(1, 1).init(&Device::flex()), Adam::default(), loss)?
        .with_options(options)?;
    let history = Fit::new(&Holes).epochs(4).batch_size(2).run(&mut trainer)?;
    assert_eq!((history.non_finite_batches, history.non_finite.len(), trainer.steps()), (4, 4, 16));
    assert_eq!(history.non_finite[0].parameter.as_deref(), Some("weight"));
    Ok(())
}
