//! The loop around the steps: epochs, schedule, validation, checkpoints, early stop, progress.
//!
//! ```
//! use burn::tensor::{Device, Int, Tensor};
//! use thalweg_optim::recipes::Adam;
//! use thalweg_train::{Fit, Trainer, data, mlp::{Mlp, MlpConfig}};
//!
//! let (train, test) = data::two_moons(300, 0.1, 1)?.split(200, 1)?;
//! let model: Mlp = MlpConfig::new([2, 16, 2]).init(7, &Device::flex())?;
//! let mut trainer = Trainer::new(model, Adam::default(), Mlp::cross_entropy)?;
//! let history = Fit::new(&train)
//!     .epochs(20)
//!     .batch_size(32)
//!     .lr_schedule(|step| 0.02 / (1.0 + step as f64 / 100.0))
//!     .validation(&test)
//!     .run(&mut trainer)?;
//! let last = history.epochs.last().and_then(|epoch| epoch.validation.clone()).unwrap();
//! assert!(last.metric("accuracy").unwrap() > 0.8);
//! # Ok::<(), thalweg_train::Error>(())
//! ```

mod early_stopping;
mod history;
mod progress;
mod resume;

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

use burn::module::Module;
use thalweg_autodiff::Tree;

pub use early_stopping::{Direction, EarlyStopping};
pub use history::{EpochReport, History, StopReason};

use crate::data::{BatchSampler, Dataset};
use crate::error::{Error, Result};
use crate::trainer::{Mean, Trainer};
use early_stopping::Best;
use progress::Progress;

/// How many reports of numbers that are not finite a history keeps.
const REPORTS: usize = 100;

/// A training over epochs; built up and then [run](Fit::run).
pub struct Fit<'a, B> {
    train: &'a dyn Dataset<Batch = B>,
    validation: Option<&'a dyn Dataset<Batch = B>>,
    epochs: u64,
    batch: usize,
    seed: u64,
    rate: Option<Box<dyn Fn(u64) -> f64 + 'a>>,
    early_stop: Option<EarlyStopping>,
    checkpoint: Option<PathBuf>,
    every: Option<u64>,
    best: Option<PathBuf>,
    config: serde_json::Value,
    progress: bool,
    each_epoch: Box<dyn FnMut(&EpochReport) + 'a>,
}

impl<'a, B: Tree> Fit<'a, B> {
    /// A training on `train`: one epoch in batches of 32 if nothing else is said.
    pub fn new(train: &'a dyn Dataset<Batch = B>) -> Self {
        Fit {
            train,
            validation: None,
            epochs: 1,
            batch: 32,
            seed: 0,
            rate: None,
            early_stop: None,
            checkpoint: None,
            every: None,
            best: None,
            config: serde_json::Value::Null,
            progress: true,
            each_epoch: Box::new(|_| {}),
        }
    }

    /// How many epochs are made in all, those before a checkpoint included; 1 by default.
    pub fn epochs(mut self, epochs: u64) -> Self {
        self.epochs = epochs;
        self
    }

    /// How many examples a batch has; 32 by default. The last batch of an epoch may be smaller.
    pub fn batch_size(mut self, size: usize) -> Self {
        self.batch = size;
        self
    }

    /// What the order of the examples follows from; 0 by default.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The learning rate by the number of steps made before, from zero; that of the optimizer's settings by default.
    pub fn lr_schedule(mut self, rate: impl Fn(u64) -> f64 + 'a) -> Self {
        self.rate = Some(Box::new(rate));
        self
    }

    /// Evaluates the [model to evaluate](Trainer::eval_model) on these examples after every epoch.
    pub fn validation(mut self, examples: &'a dyn Dataset<Batch = B>) -> Self {
        self.validation = Some(examples);
        self
    }

    /// Stops when nothing gets better any more.
    pub fn early_stopping(mut self, rule: EarlyStopping) -> Self {
        self.early_stop = Some(rule);
        self
    }

    /// Keeps a checkpoint in this file after every epoch, and goes on from it if it exists.
    pub fn checkpoint(mut self, path: impl Into<PathBuf>) -> Self {
        self.checkpoint = Some(path.into());
        self
    }

    /// Keeps the checkpoint after so many steps as well.
    pub fn checkpoint_every_steps(mut self, steps: u64) -> Self {
        self.every = Some(steps);
        self
    }

    /// Keeps a checkpoint of the best epoch in this file, by the rule of [`Fit::early_stopping`], or else by the loss.
    pub fn best_checkpoint(mut self, path: impl Into<PathBuf>) -> Self {
        self.best = Some(path.into());
        self
    }

    /// What checkpoints say of the model, for instance its configuration; see
    /// [`Checkpoint::metadata`](crate::checkpoint::Checkpoint::metadata), whose member `config` it becomes.
    pub fn config(mut self, config: serde_json::Value) -> Self {
        self.config = config;
        self
    }

    /// Whether a progress bar is shown, where the standard error stream is a terminal; yes by default.
    pub fn progress(mut self, shown: bool) -> Self {
        self.progress = shown;
        self
    }

    /// What is done after each epoch, for instance printed.
    pub fn on_epoch_end(mut self, act: impl FnMut(&EpochReport) + 'a) -> Self {
        self.each_epoch = Box::new(act);
        self
    }

    /// Trains until the epochs are made or the rule of early stopping applies.
    ///
    /// # Errors
    /// [`Error::Setting`] for no learning rate, no example or an empty batch, and what [`Trainer::step`],
    /// [`Trainer::evaluate`], [`Trainer::load`] and [`Trainer::save`] give. A checkpoint of another order of the data is
    /// an [`Error::Checkpoint`] that names what differs.
    pub fn run<M: Module>(mut self, trainer: &mut Trainer<M, B>) -> Result<History> {
        if self.rate.is_none() && trainer.learning_rate().is_none() {
            return Err(Error::Setting(
                "There is no learning rate: the optimizer's settings name none. Give one by `Fit::rate`."
                    .into(),
            ));
        }
        let mut batches = BatchSampler::new(self.train.len(), self.batch, self.seed)?;
        let mut best = Best::default();
        let resumed = self.resume(trainer, &mut batches, &mut best)?;
        let start = Instant::now();
        let total = self.epochs * batches.batches_per_epoch() as u64;
        let mut progress = Progress::new(self.progress, total, batches.done());
        let mut history = History::new(resumed);
        while batches.state().epoch < self.epochs {
            let epoch = self.epoch(trainer, &mut batches, &best, &mut progress, &mut history)?;
            progress.epoch(&epoch);
            (self.each_epoch)(&epoch);
            let rule = self.early_stop.clone().unwrap_or_default();
            let verdict = best.judge(&rule, &epoch)?;
            history.epochs.push(epoch);
            self.keep(self.checkpoint.as_deref(), trainer, &batches, &best)?;
            if best.is_last() {
                self.keep(self.best.as_deref(), trainer, &batches, &best)?;
            }
            if let (ControlFlow::Break(()), Some(_)) = (verdict, &self.early_stop) {
                history.stop_reason = StopReason::NoImprovement { best: best.epoch() };
                break;
            }
        }
        progress.finish();
        history.seconds = start.elapsed().as_secs_f64();
        Ok(history)
    }

    /// Makes the rest of the current epoch.
    fn epoch<M: Module>(
        &self,
        trainer: &mut Trainer<M, B>,
        batches: &mut BatchSampler,
        best: &Best,
        progress: &mut Progress,
        history: &mut History,
    ) -> Result<EpochReport> {
        let number = batches.state().epoch;
        let start = Instant::now();
        let (mut mean, mut rate, mut examples) = (Mean::default(), 0.0, 0);
        while batches.state().epoch == number {
            let rows = batches.next_indices();
            let n = rows.len();
            let batch = self.train.batch(rows, trainer.device());
            let steps = trainer.steps();
            rate = match &self.rate {
                Some(rate) => rate(steps),
                None => trainer.learning_rate().unwrap_or_default(),
            };
            let loss = trainer.step(rate, &batch)?;
            mean.add(loss, trainer.metrics().iter().cloned(), n);
            examples += n;
            if let Some(report) = trainer.non_finite() {
                history.non_finite_batches += 1;
                if history.non_finite.len() < REPORTS {
                    history.non_finite.push(report.clone());
                }
            }
            progress.step(number, self.epochs, n, || mean.get());
            let due = |every: u64| trainer.steps() > steps && trainer.steps().is_multiple_of(every);
            if self.every.is_some_and(due) {
                self.keep(self.checkpoint.as_deref(), trainer, batches, best)?;
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        // Without a gradient, larger batches cost little memory.
        let size = self.batch.max(256);
        let validation = self.validation.map(|source| trainer.evaluate(source, size)).transpose()?;
        Ok(EpochReport {
            epoch: number,
            steps: trainer.steps(),
            learning_rate: rate,
            train: mean.get(),
            validation,
            examples,
            seconds,
        })
    }
}
