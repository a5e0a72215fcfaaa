//! Checkpoints: resuming gives the same bits, other libraries read the model, and what does not fit is named.

use std::fs;
use std::path::PathBuf;

use burn::module::Module;
use burn::nn::LinearConfig;
use burn::optim::AdamConfig;
use burn::tensor::{Device, Tensor};
use burn_store::{ModuleSnapshot, SafetensorsStore};
use thalweg_optim::recipes::{Adam, Sgd};
use thalweg_train::checkpoint::Checkpoint;
use thalweg_train::data::{BatchSampler, Dataset, SamplerState};
use thalweg_train::{Error, ExecutionMode, Optimizer, Result, Trainer, TrainerOptions};

use crate::common::{Batch, Net, moons, says, to_f64, values};

/// Elements by the names of their tensors.
type Tensors = Vec<(String, Vec<f64>)>;

/// A folder of this test, empty.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("checkpoint-{name}"));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn loss(m: &Net, b: &Batch) -> Tensor<1> {
    m.loss(b)
}

fn device() -> Device {
    Device::flex().autodiff()
}

/// A kind of training that is interrupted.
struct Case {
    double: bool,
    optimizer: fn() -> Optimizer,
    options: TrainerOptions,
}

impl Case {
    fn fresh(&self) -> Result<Trainer<Net, Batch>> {
        let net = Net::new(0.3, &device());
        let net = if self.double { to_f64(net) } else { net };
        Trainer::new(net, (self.optimizer)(), loss)?.with_options(self.options.clone())
    }

    /// Losses of 11 batches, the last of an epoch smaller, interrupted before batch `stop`; parameters and averages.
    fn train(&self, stop: usize) -> Result<(Vec<u64>, Tensors)> {
        let data = moons();
        let path = folder(&format!("resume-{stop}-{:p}", self)).join("state.safetensors");
        let mut trainer = self.fresh()?;
        let mut batches = BatchSampler::new(50, 16, 1)?;
        let mut losses = vec![];
        for k in 0..11 {
            if k == stop {
                trainer.checkpoint()?.with_sampler_state(batches.state()).write(&path)?;
                trainer = self.fresh()?;
                let checkpoint = trainer.load(&path)?;
                batches =
                    BatchSampler::new(50, 16, 0)?.resume(checkpoint.sampler_state().expect("it was given"))?;
            }
            let (x, labels) = data.batch(batches.next_indices(), &device());
            let x = if self.double { x } else { x.cast(burn::tensor::DType::F32) };
            let batch = (x, labels);
            losses.push(trainer.step(0.05, &batch)?.to_bits());
        }
        let mut all = values(&trainer.model()?);
        if self.options.ema_decay.is_some() {
            all.extend(values(&trainer.eval_model()?));
        }
        Ok((losses, all))
    }
}

#[test]
fn resuming_gives_the_same_bits() -> Result<()> {
    let adam = || Optimizer::from(Adam::default());
    let amsgrad = || Optimizer::from(Adam { amsgrad: true, weight_decay: 0.01, ..Adam::default() });
    let burns = || Optimizer::burn("burn::Adam", AdamConfig::new().init());
    let with = |options: TrainerOptions| TrainerOptions { seed: 5, ..options };
    let averages = TrainerOptions { ema_decay: Some(0.9), clip_norm: Some(0.5), ..TrainerOptions::default() };
    let several = TrainerOptions { accumulation_steps: 3, ema_decay: Some(0.9), ..TrainerOptions::default() };
    let traced = TrainerOptions { mode: ExecutionMode::Interpreted, ..several.clone() };
    let cases = [
        Case { double: false, optimizer: adam, options: with(TrainerOptions::default()) },
        Case { double: true, optimizer: amsgrad, options: with(averages) },
        Case { double: true, optimizer: adam, options: with(several) },
        Case { double: true, optimizer: adam, options: with(traced) },
        Case { double: false, optimizer: burns, options: with(TrainerOptions::default()) },
    ];
    for case in cases {
        let whole = case.train(usize::MAX)?;
        for stop in [0, 1, 4, 7, 10] {
            assert_eq!(case.train(stop)?, whole, "stopped before batch {stop} with {:?}", case.options);
        }
    }
    Ok(())
}

/// A trained network's checkpoint in a file.
fn written(name: &str) -> Result<(PathBuf, Trainer<Net, Batch>)> {
    let mut trainer = Trainer::new(to_f64(Net::new(0.0, &device())), Adam::default(), loss)?;
    trainer.step(0.1, &moons().batch(&[0, 1, 2, 3], &device()))?;
    let path = folder(name).join("state.safetensors");
    trainer.save(&path)?;
    Ok((path, trainer))
}

#[test]
fn burn_store_reads_the_model() -> Result<()> {
    let (path, trainer) = written("burn-store")?;
    let mut model = to_f64(Net::new(0.0, &Device::flex()));
    let before = values(&model);
    let result = model.load_from(&mut SafetensorsStore::from_file(&path)).unwrap();
    assert!(result.missing.is_empty() && result.errors.is_empty(), "{result}");
    assert_ne!(values(&model), before);
    assert_eq!(values(&model), values(&trainer.model()?));
    Ok(())
}

#[test]
fn checkpoints_say_what_they_hold() -> Result<()> {
    let (path, trainer) = written("content")?;
    let order = SamplerState { seed: 3, epoch: 1, position: 16 };
    let extra = serde_json::json!({"sizes": [2, 12, 2]});
    trainer.checkpoint()?.with_sampler_state(order).with_metadata(extra.clone()).write(&path)?;
    let read = Checkpoint::read(&path)?;
    assert_eq!(
        (read.steps(), read.optimizer(), read.sampler_state(), read.metadata()),
        (1, "adam", Some(order), &extra)
    );
    let names: Vec<&str> = read.tensors().keys().map(String::as_str).collect();
    for name in ["first.weight", "norm.running_mean", "optimizer/last.bias/0.m"] {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
    // The same state makes the same file.
    let bytes = fs::read(&path).unwrap();
    read.write(&path)?;
    assert_eq!(fs::read(&path).unwrap(), bytes);
    Ok(())
}

#[test]
fn every_bit_comes_back() -> Result<()> {
    let odd = [f64::from_bits(1), -0.0, f64::MAX, f64::NAN, 1.0 + f64::EPSILON, f64::NEG_INFINITY];
    let data = burn::tensor::TensorData::new(odd.to_vec(), [2, 3]);
    let mut model = to_f64(LinearConfig::new(2, 3).init(&device()));
    model.weight = model.weight.map(|_| Tensor::from_data(data.clone(), (&device(), burn::tensor::DType::F64)));
    let loss = |m: &burn::nn::Linear, x: &Tensor<2>| m.forward(x.clone()).sum();
    let path = folder("bits").join("state.safetensors");
    Trainer::new(model, Sgd::default(), loss)?.save(&path)?;
    let mut other = Trainer::new(to_f64(LinearConfig::new(2, 3).init(&device())), Sgd::default(), loss)?;
    other.load(&path)?;
    let back: Vec<f64> = other.model()?.weight.val().to_data().try_to_vec().unwrap();
    assert!(back.iter().zip(odd).all(|(a, b)| a.to_bits() == b.to_bits()), "{back:?}");
    Ok(())
}

#[test]
fn files_that_are_no_whole_checkpoint_are_named() -> Result<()> {
    let (path, _) = written("damaged")?;
    let whole = fs::read(&path).unwrap();
    let name = path.display().to_string();
    for length in [0, 5, 8, 100, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..length]).unwrap();
        let cut = Checkpoint::read(&path);
        assert!(matches!(cut, Err(Error::Checkpoint(_))), "{length}");
        says(cut, &[&name]);
    }
    fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    says(Checkpoint::read(&path), &["is truncated or no checkpoint", &format!("{} bytes", whole.len() - 1)]);
    fs::write(&path, "learning rate, loss\n0.1, 2.3\n").unwrap();
    says(Checkpoint::read(&path), &["is no checkpoint", "not in the safetensors format"]);
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 4;
    fs::write(&path, &flipped).unwrap();
    says(Checkpoint::read(&path), &["is not as it was written", "its checksum is"]);
    let at = whole.windows(9).position(|w| w == b"\"steps\\\":").map(|at| at + 9);
    let at = at.unwrap_or_else(|| whole.windows(7).position(|w| w == b"steps\\\"").unwrap() + 8);
    let mut changed = whole.clone();
    changed[at] = b'7';
    fs::write(&path, &changed).unwrap();
    says(Checkpoint::read(&path), &["is not as it was written"]);
    let text = |from: &str, to: &str| {
        let at = whole.windows(from.len()).position(|w| w == from.as_bytes()).unwrap();
        let mut changed = whole.clone();
        changed[at..at + from.len()].copy_from_slice(to.as_bytes());
        fs::write(&path, &changed).unwrap();
        Checkpoint::read(&path)
    };
    says(text("version\\\":1", "version\\\":2"), &["format 2", "reads format 1"]);
    let model = Net::new(0.0, &Device::flex());
    fs::remove_file(&path).unwrap();
    model.save_into(&mut SafetensorsStore::from_file(&path)).unwrap();
    says(Checkpoint::read(&path), &["no checkpoint of a training", "by `burn-store`"]);
    says(Checkpoint::read("/nowhere/state"), &["`/nowhere/state` cannot be read"]);
    Ok(())
}

#[test]
fn what_differs_is_named_and_nothing_changes() -> Result<()> {
    let (path, _) = written("different")?;
    let checkpoint = Checkpoint::read(&path)?;
    let refuses = |mut trainer: Trainer<Net, Batch>, parts: &[&str]| -> Result<()> {
        let before = values(&trainer.model()?);
        says(trainer.restore(&checkpoint), parts);
        assert_eq!((values(&trainer.model()?), trainer.steps()), (before, 0));
        Ok(())
    };
    let net = || to_f64(Net::new(0.0, &device()));
    let adam = |net: Net| Trainer::new(net, Adam::default(), loss);
    let with = |options: TrainerOptions| adam(net())?.with_options(options);
    refuses(
        Trainer::new(net(), Sgd::default(), loss)?,
        &["the optimizer", "made by `adam`", "this one is `sgd`"],
    )?;
    let beta = Adam { beta1: 0.5, ..Adam::default() };
    refuses(Trainer::new(net(), beta, loss)?, &["this one is `adam(beta1=0.5)`"])?;
    refuses(
        with(TrainerOptions { seed: 9, ..TrainerOptions::default() })?,
        &["the options", "`seed` was 0, but is 9"],
    )?;
    let two = TrainerOptions { clip_norm: Some(0.5), ema_decay: Some(0.9), ..TrainerOptions::default() };
    refuses(with(two)?, &["`clip_norm` was none, but is 0.5; `ema_decay` was none, but is 0.9"])?;
    refuses(
        adam(Net::new(0.0, &device()))?,
        &["`first.weight` is f64[2,12] in it, but f32[2,12] here", "and "],
    )?;
    let mut other = net();
    other.last = to_f64(LinearConfig::new(12, 3).init(&device()));
    refuses(adam(other)?, &["`last.weight` is f64[12,2] in it, but f64[12,3] here", "`last.bias`", "more"])?;
    let mut other = net();
    other.last = to_f64(LinearConfig::new(12, 2).with_bias(false).init(&device()));
    refuses(adam(other)?, &["it has `last.bias`, which is unknown here"])?;
    let mut other = net();
    other.first = to_f64(LinearConfig::new(2, 12).init(&device()));
    refuses(adam(other)?, &["it has no `first.bias`, f64[12]"])?;

    let trainer = Trainer::new(net(), Optimizer::burn("adam", AdamConfig::new().init()), loss)?;
    refuses(trainer, &["the optimizer: it holds no record of Burn's own optimizers"])?;
    let trainer = Trainer::new(net(), Optimizer::burn("adam", AdamConfig::new().init()), loss)?;
    says(trainer.checkpoint(), &["Burn's own optimizers cannot be saved for parameters of F64"]);
    Ok(())
}

#[test]
fn a_failed_write_leaves_the_old_file() -> Result<()> {
    let (path, trainer) = written("failed")?;
    let before = fs::read(&path).unwrap();
    says(trainer.save("/nowhere/at/all"), &["`/nowhere/at/all` cannot be written", "a folder that exists"]);
    says(trainer.save("/"), &["cannot be written"]);
    // What a killed process has left is in the way of nothing.
    let partial = path.with_file_name(".state.safetensors.partial");
    fs::write(&partial, "half").unwrap();
    trainer.save(&path)?;
    assert!(!partial.exists());
    assert_eq!(fs::read(&path).unwrap(), before);
    // A folder stands where the file is to be written.
    fs::create_dir(&partial).unwrap();
    says(trainer.save(&path), &["cannot be written"]);
    assert_eq!(fs::read(&path).unwrap(), before);
    Ok(())
}

#[test]
fn models_without_autodiff_resume_too() -> Result<()> {
    let (path, trained) = written("plain")?;
    let mut trainer = Trainer::new(to_f64(Net::new(0.0, &Device::flex())), Adam::default(), loss)?;
    trainer.load(&path)?;
    assert_eq!(values(&trainer.into_model()?), values(&trained.into_model()?.valid()));
    Ok(())
}
