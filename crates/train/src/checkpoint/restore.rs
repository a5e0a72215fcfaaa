//! From a trainer to a checkpoint and back.

use std::collections::BTreeMap;
use std::path::Path;

use burn::module::{Module, ModuleMapper, Param, ParamId};
use burn::tensor::{Bool, Bytes, DType, Int, Tensor, TensorData};
use thalweg_autodiff::executor::{download, upload};
use thalweg_autodiff::module::ParamLayout;
use thalweg_autodiff::{TensorType, Tree};

use super::{Checkpoint, Meta};
use crate::error::{Error, Result};
use crate::trainer::{Counters, Kind, Trainer, TrainerOptions};

/// The record of one of Burn's own optimizers.
const BURN: &str = "optimizer/burn";
/// How many differences an error names.
const NAMED: usize = 3;

/// The options that bear on the numbers.
fn settings(options: &TrainerOptions) -> BTreeMap<String, String> {
    let number = |x: Option<f64>| x.map_or("none".to_string(), |x| x.to_string());
    BTreeMap::from([
        ("seed".to_string(), options.seed.to_string()),
        ("accumulation_steps".to_string(), options.accumulation_steps.to_string()),
        ("clip_norm".to_string(), number(options.clip_norm)),
        ("ema_decay".to_string(), number(options.ema_decay)),
    ])
}

/// Whether a tensor is only needed within a step of several batches, which every trainer with such steps has.
fn is_sum(name: &str) -> bool {
    name.starts_with("sum/")
}

fn type_of(data: &TensorData) -> TensorType {
    TensorType::new(data.shape().to_vec(), data.dtype())
}

/// Differences as a sentence, of which the first are named.
fn refuse<T>(what: &str, differences: Vec<String>, remedy: &str) -> Result<T> {
    let more = differences.len().saturating_sub(NAMED);
    let mut text = differences.into_iter().take(NAMED).collect::<Vec<_>>().join("; ");
    if more > 0 {
        text.push_str(&format!("; and {more} more"));
    }
    Err(Error::Checkpoint(format!("The checkpoint does not fit the {what}: {text}. {remedy}")))
}

impl<M: Module, B: Tree> Trainer<M, B> {
    /// The state of the training as it is now.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for one of Burn's own optimizers over parameters of another type than `f32`, whose state
    /// Burn restores as `f32`; [`Error::Autodiff`] if the device cannot give its memory.
    pub fn checkpoint(&self) -> Result<Checkpoint> {
        let state = self.executor.state()?;
        let mut tensors = BTreeMap::new();
        for (name, tensor) in self.layout.names.iter().zip(state) {
            tensors.insert(name.clone(), download(tensor)?);
        }
        let mut identities = vec![];
        if let Kind::Burn(optimizer) = &self.optimizer {
            if self.layout.dtype != DType::F32 {
                return Err(Error::Checkpoint(format!(
                    "The state of Burn's own optimizers cannot be saved for parameters of {:?}: Burn restores it as F32. \
                     Train in f32, or by an optimizer of thalweg-optim.",
                    self.layout.dtype
                )));
            }
            let record = optimizer.into_bytes();
            let record =
                record.map_err(|e| Error::Checkpoint(format!("Burn's optimizer gives no record: {e}.")))?;
            let n = record.len();
            tensors.insert(BURN.into(), TensorData::from_bytes_vec(record.to_vec(), [n], DType::U8));
            identities = (0..self.layout.model()).map(|k| self.layout.parts.id(k).val()).collect();
        }
        let Counters { steps, calls, pending } = self.clock;
        let meta = Meta {
            checksum: String::new(),
            version: Checkpoint::meta_version(),
            steps,
            calls,
            pending,
            optimizer: self.optimizer().into(),
            settings: settings(&self.options),
            order: None,
            identities,
            extra: serde_json::Value::Null,
        };
        Ok(Checkpoint { meta, tensors })
    }

    /// Goes on from a checkpoint: all that follows is as if the training had not been interrupted.
    ///
    /// The trainer must have been made as the one that gave the checkpoint: with a model of the same shape, the same
    /// optimizer, and the same options but for mode and policy. Other options may be set
    /// [afterwards](Trainer::with_options). The checkpoint's place in the order of the data is for
    /// [`BatchSampler::resume`](crate::data::BatchSampler::resume).
    ///
    /// # Errors
    /// [`Error::Checkpoint`] that names what differs; the trainer stays as it was.
    pub fn restore(&mut self, checkpoint: &Checkpoint) -> Result<()> {
        let Checkpoint { meta, tensors } = checkpoint;
        let own = self.optimizer();
        if meta.optimizer != own {
            let differs = format!("it was made by `{}`, but this one is `{own}`", meta.optimizer);
            return refuse("optimizer", vec![differs], "Make the trainer with the same optimizer.");
        }
        let is_burns = matches!(self.optimizer, Kind::Burn(_));
        if is_burns != tensors.contains_key(BURN) {
            let differs = if is_burns { "it holds no record" } else { "it holds the record of one" };
            let differs = format!("{differs} of Burn's own optimizers");
            return refuse("optimizer", vec![differs], "Make the trainer with the same optimizer.");
        }
        let options = settings(&self.options);
        let differs = options.iter().filter_map(|(name, own)| match meta.settings.get(name) {
            Some(saved) if saved == own => None,
            Some(saved) => Some(format!("`{name}` was {saved}, but is {own}")),
            None => Some(format!("`{name}` is missing in it")),
        });
        let differs: Vec<String> = differs.collect();
        if !differs.is_empty() {
            return refuse("options", differs, "Restore with the same options, and set others afterwards.");
        }
        let differs = self.differences(tensors);
        if !differs.is_empty() {
            return refuse("model", differs, "Make the trainer with a model of the same shape.");
        }
        let mut state = self.executor.state()?;
        self.restore_burn(meta, tensors)?;
        for (own, name) in state.iter_mut().zip(&self.layout.names) {
            if let Some(data) = tensors.get(name) {
                *own = upload(data.clone(), &self.device);
            }
        }
        self.executor.load(state)?;
        let Meta { steps, calls, pending, .. } = *meta;
        self.clock = Counters { steps, calls, pending };
        Ok(())
    }

    /// What the tensors of a checkpoint differ in from those of this training.
    fn differences(&self, tensors: &BTreeMap<String, TensorData>) -> Vec<String> {
        let own = self.layout.names.iter().zip(&self.layout.types);
        let mut all: Vec<String> = own
            .filter_map(|(name, ty)| match tensors.get(name).map(type_of) {
                Some(saved) if saved == *ty => None,
                Some(saved) => Some(format!("`{name}` is {saved} in it, but {ty} here")),
                None => (!is_sum(name)).then(|| format!("it has no `{name}`, {ty}")),
            })
            .collect();
        let unknown = tensors.keys().filter(|name| !self.layout.names.contains(name));
        let unknown = unknown.filter(|name| *name != BURN && !is_sum(name));
        all.extend(unknown.map(|name| format!("it has `{name}`, which is unknown here")));
        all
    }

    /// Gives one of Burn's own optimizers its record, and the model the identities by which the record knows it.
    fn restore_burn(&mut self, meta: &Meta, tensors: &BTreeMap<String, TensorData>) -> Result<()> {
        let (Kind::Burn(optimizer), Some(record)) = (&mut self.optimizer, tensors.get(BURN)) else {
            return Ok(());
        };
        let bytes = Bytes::from_bytes_vec(record.as_bytes().to_vec());
        let restored = optimizer.as_ref().clone().from_bytes(bytes);
        **optimizer = restored
            .map_err(|e| Error::Checkpoint(format!("Burn cannot read its optimizer's record: {e}.")))?;
        let mut identify = Identify(meta.identities.iter().copied());
        self.skeleton = self.skeleton.clone().map(&mut identify);
        self.layout.parts = ParamLayout::of(&self.skeleton);
        Ok(())
    }

    /// Writes a [checkpoint](Trainer::checkpoint) to a file.
    ///
    /// # Errors
    /// As [`Trainer::checkpoint`] and [`Checkpoint::write`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        self.checkpoint()?.write(path)
    }

    /// [Restores](Trainer::restore) the checkpoint of a file, and gives it for what else it holds.
    ///
    /// # Errors
    /// As [`Checkpoint::read`] and [`Trainer::restore`].
    pub fn load(&mut self, path: impl AsRef<Path>) -> Result<Checkpoint> {
        let checkpoint = Checkpoint::read(path)?;
        self.restore(&checkpoint)?;
        Ok(checkpoint)
    }
}

/// Gives the tensors of a module other identities.
struct Identify<I>(I);

impl<I: Iterator<Item = u64>> Identify<I> {
    fn next(&mut self, own: ParamId) -> ParamId {
        self.0.next().map_or(own, ParamId::from)
    }
}

impl<I: Iterator<Item = u64>> ModuleMapper for Identify<I> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, tensor, mapper) = param.consume();
        Param::from_mapped_value(self.next(id), tensor, mapper)
    }

    fn map_int<const D: usize>(&mut self, param: Param<Tensor<D, Int>>) -> Param<Tensor<D, Int>> {
        let (id, tensor, mapper) = param.consume();
        Param::from_mapped_value(self.next(id), tensor, mapper)
    }

    fn map_bool<const D: usize>(&mut self, param: Param<Tensor<D, Bool>>) -> Param<Tensor<D, Bool>> {
        let (id, tensor, mapper) = param.consume();
        Param::from_mapped_value(self.next(id), tensor, mapper)
    }
}
