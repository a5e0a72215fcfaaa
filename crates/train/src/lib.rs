//! Compiled training of Burn modules.
//!
//! [`Trainer`] makes one program of the loss, its gradient, clipping and the optimizer's update, and keeps parameters and states
//! inside of it. [`Fit`] makes a loop of its steps: epochs in seeded order, a schedule, validation, early stop, progress, and
//! checkpoints from which training goes on bit for bit.
//!
//! ```
//! use burn::tensor::Device;
//! use thalweg_train::data::two_moons;
//! use thalweg_train::mlp::{Mlp, MlpConfig};
//! use thalweg_train::{Fit, Trainer};
//!
//! let (train, held_out) = two_moons(400, 0.1, 1)?.split(300, 1)?;
//! let model = MlpConfig::new([2, 16, 2]).init(1, &Device::flex())?;
//! let mut trainer = Trainer::new(model, thalweg_optim::parse("adam(lr=0.02)")?, Mlp::cross_entropy)?;
//! Fit::new(&train).epochs(30).progress(false).run(&mut trainer)?;
//! let found = trainer.evaluate(&held_out, 100)?;
//! assert!(found.metric("accuracy").unwrap() > 0.9);
//! # Ok::<(), thalweg_train::Error>(())
//! ```
//!
//! * [`data`]: sets that are shipped, files of MNIST's format, generated sets, seeded batches.
//! * [`mlp`]: perceptrons with a config. [`metrics`]: accuracy, confusion matrices.
//! * [`checkpoint`]: what is written, and how `burn-store` reads it.

pub mod checkpoint;
pub mod data;
mod error;
pub mod fit;
pub mod metrics;
pub mod mlp;
mod trainer;

pub use error::{Error, Result};
pub use fit::Fit;
pub use trainer::{
    Evaluation, ExecutionMode, LossOutput, NonFinite, NonFinitePolicy, Optimizer, Trainer, TrainerOptions,
};
