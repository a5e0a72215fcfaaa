//! The whole state of a training in one file: parameters, running statistics, optimizer, averages, counts, the order of
//! the data.
//!
//! Resuming gives the same bits as never having stopped. A file is written beside its place, brought to the disk and
//! renamed, so that a killed process leaves the old file or the new one, and never half of one.
//!
//! ```
//! use burn::nn::{Linear, LinearConfig};
//! use burn::tensor::{Device, Tensor};
//! use thalweg_optim::recipes::Adam;
//! use thalweg_train::{Trainer, checkpoint::Checkpoint};
//!
//! let device = Device::flex().autodiff();
//! let fresh = || {
//!     let loss = |m: &Linear, x: &Tensor<2>| m.forward(x.clone()).powi_scalar(2).mean();
//!     Trainer::new(LinearConfig::new(2, 1).init(&device), Adam::default(), loss)
//! };
//! let x = Tensor::ones([4, 2], &device);
//! let mut trainer = fresh()?;
//! trainer.step(0.1, &x)?;
//! # let folder = std::env::temp_dir();
//! # let path = folder.join(format!("thalweg-doctest-{}.safetensors", std::process::id()));
//! trainer.checkpoint()?.write(&path)?;
//!
//! let mut resumed = fresh()?;
//! resumed.restore(&Checkpoint::read(&path)?)?;
//! assert_eq!(resumed.step(0.1, &x)?, trainer.step(0.1, &x)?);
//! # std::fs::remove_file(&path).unwrap();
//! # Ok::<(), thalweg_train::Error>(())
//! ```
//!
//! # Format
//! A file is in the [safetensors](https://github.com/huggingface/safetensors) format. Its tensors are
//!
//! | name | content |
//! |---|---|
//! | the path of a tensor of the model, for instance `layers.0.weight` | its elements, as `burn-store` reads and writes them: its `SafetensorsStore` loads the model from a checkpoint as from any other file |
//! | `optimizer/PATH/LEAF` | what the optimizer remembers of the parameter at `PATH`, flat; `LEAF` is the name within its chain |
//! | `optimizer/burn` | the record of one of Burn's own optimizers, as bytes of a burnpack |
//! | `average/PATH` | the moving average of the parameter at `PATH` |
//! | `sum/PATH`, `sum/loss` | sums over the batches of the step under way |
//!
//! The header's metadata has one entry of this crate, `thalweg`, with JSON:
//!
//! | member | content |
//! |---|---|
//! | `checksum` | the CRC-32 of this JSON with eight zeros in place of the checksum, followed by name, element type, shape and elements of each tensor in order of the names; eight hexadecimal digits, always the first member |
//! | `version` | the version of this format, 1 |
//! | `steps`, `calls`, `pending` | completed steps, batches ever taken, and batches of the step under way |
//! | `optimizer` | the optimizer's text |
//! | `settings` | the options that bear on the numbers, as texts by name |
//! | `order` | seed, epoch and position of the data's order, or null |
//! | `identities` | the identities of the model's tensors, by which Burn's optimizers know them; empty for others |
//! | `extra` | what the user has added |

mod file;
mod restore;

use std::collections::BTreeMap;

use burn::tensor::TensorData;
use serde::{Deserialize, Serialize};

use crate::data::SamplerState;

/// The state of a training at one moment; see the [module](self) for the file's format.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    meta: Meta,
    /// By name, in order of the names.
    tensors: BTreeMap<String, TensorData>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Meta {
    checksum: String,
    version: u32,
    steps: u64,
    calls: u64,
    pending: usize,
    optimizer: String,
    settings: BTreeMap<String, String>,
    order: Option<SamplerState>,
    identities: Vec<u64>,
    extra: serde_json::Value,
}

impl Checkpoint {
    /// How many steps had been made.
    pub fn steps(&self) -> u64 {
        self.meta.steps
    }

    /// The optimizer's text.
    pub fn optimizer(&self) -> &str {
        &self.meta.optimizer
    }

    /// Where the order of the data was, if it was given.
    pub fn sampler_state(&self) -> Option<SamplerState> {
        self.meta.order
    }

    /// This checkpoint with a place in the order of the data.
    pub fn with_sampler_state(mut self, order: SamplerState) -> Self {
        self.meta.order = Some(order);
        self
    }

    /// What was added to the checkpoint; null if nothing was.
    pub fn metadata(&self) -> &serde_json::Value {
        &self.meta.extra
    }

    /// This checkpoint with values of your own: a model's configuration, the best result so far.
    pub fn with_metadata(mut self, extra: serde_json::Value) -> Self {
        self.meta.extra = extra;
        self
    }

    /// The elements of all tensors by their names.
    pub fn tensors(&self) -> &BTreeMap<String, TensorData> {
        &self.tensors
    }
}
