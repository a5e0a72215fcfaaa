//! What tells a task of one's own from another one of the same name.

use burn::module::Module;
use burn::tensor::{Device, DispatchTensor};
use sha2::{Digest, Sha256};
use thalweg_autodiff::executor::{download, type_of};
use thalweg_autodiff::module::ParamLayout;
use thalweg_autodiff::{IntoResult as Returned, Tree};
use thalweg_init::Plan;
use thalweg_init::schemes::Uniform;
use thalweg_optim::recipes::Sgd;
use thalweg_train::data::Dataset;
use thalweg_train::{LossOutput, Trainer, TrainerOptions};

use super::Task;
use crate::error::Result;

/// The seed of the model that is looked at.
const SEED: u64 = 0;
/// The learning rate of the one step that is made.
const RATE: f64 = 0.01;
/// Examples that are read at a time.
const AT_ONCE: usize = 512;

#[derive(Default)]
struct Hash(Sha256);

impl Hash {
    /// Every field is preceded by its length, so that no two lists of fields give the same bytes.
    fn field(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn tensors(&mut self, all: Vec<DispatchTensor>) -> Result<()> {
        for tensor in all {
            self.field(type_of(&tensor).to_string().as_bytes());
            self.field(download(tensor)?.as_bytes());
        }
        Ok(())
    }

    fn data(&mut self, source: &impl Dataset) -> Result<()> {
        self.field(&(source.len() as u64).to_le_bytes());
        let rows: Vec<usize> = (0..source.len()).collect();
        for rows in rows.chunks(AT_ONCE) {
            let mut leaves = vec![];
            source.batch(rows, &Device::flex()).flatten(&mut leaves);
            self.tensors(leaves)?;
        }
        Ok(())
    }

    fn of(model: &impl Module) -> Result<Vec<u8>> {
        let mut hash = Hash::default();
        hash.model(model)?;
        Ok(hash.0.finalize().to_vec())
    }

    fn model<M: Module>(&mut self, model: &M) -> Result<()> {
        let parts = ParamLayout::of(model);
        parts.paths().for_each(|path| self.field(path.as_bytes()));
        self.tensors(parts.tensors(&model.valid())?)
    }
}

/// A hash of the revision, the batch size, the targets, all data, the model of one seed, and, from given first values, its
/// loss on the first batch and what one step of gradient descent makes of it.
pub(super) fn fingerprint<M, S, R>(task: &Task<M, S, R>) -> Result<String>
where
    M: Module + 'static,
    S: Dataset<Batch: 'static> + Send + Sync,
    R: Returned<Value: LossOutput> + 'static,
{
    let mut hash = Hash::default();
    hash.field(task.revision.as_bytes());
    hash.field(&(task.batch as u64).to_le_bytes());
    task.targets.iter().for_each(|target| hash.field(&target.to_bits().to_le_bytes()));
    hash.data(&task.train)?;
    hash.data(&task.held_out)?;
    let model = (task.make)(SEED, &Device::flex())?;
    // Of a model whose first values depend on more than the seed, only what they have in common counts.
    let first = Hash::of(&model)?;
    if first == Hash::of(&(task.make)(SEED, &Device::flex())?)? {
        hash.field(&first);
    }
    let model = Plan::all(Uniform { low: -0.5, high: 0.5 }).apply(&model, SEED)?;
    let count = task.batch.min(task.train.len());
    if count > 0 {
        let rows: Vec<usize> = (0..count).collect();
        let loss = task.loss.clone();
        let trainer =
            Trainer::new(model, Sgd::default(), move |model: &M, batch: &S::Batch| loss(model, batch))?;
        let mut trainer =
            trainer.with_options(TrainerOptions { threads: Some(1), ..TrainerOptions::default() })?;
        match trainer.step(RATE, &task.train.batch(&rows, trainer.device())) {
            Ok(loss) => hash.field(&loss.to_bits().to_le_bytes()),
            Err(thalweg_train::Error::NonFinite(what)) => hash.field(what.to_string().as_bytes()),
            Err(error) => return Err(error.into()),
        }
        hash.model(&trainer.into_model()?)?;
    }
    Ok(hash.0.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect())
}
