//! What checkpoints hold of the loop, beside the trainer's own state.

use std::path::Path;

use burn::module::Module;
use serde::{Deserialize, Serialize};
use thalweg_autodiff::Tree;

use super::Fit;
use super::early_stopping::Best;
use crate::checkpoint::Checkpoint;
use crate::data::BatchSampler;
use crate::error::{Error, Result};
use crate::trainer::Trainer;

#[derive(Serialize, Deserialize)]
struct Extra {
    fit: Loop,
    config: serde_json::Value,
}

#[derive(Serialize, Deserialize)]
struct Loop {
    examples: usize,
    batch: usize,
    best: Best,
}

impl<B: Tree> Fit<'_, B> {
    /// Goes on from the checkpoint, if there is one; gives the number of its steps.
    pub(super) fn resume<M: Module>(
        &self,
        trainer: &mut Trainer<M, B>,
        batches: &mut BatchSampler,
        best: &mut Best,
    ) -> Result<Option<u64>> {
        let Some(path) = self.checkpoint.as_deref().filter(|path| path.exists()) else { return Ok(None) };
        let checkpoint = Checkpoint::read(path)?;
        let refuse = |what: String| Err(Error::Checkpoint(format!("`{}` {what}", path.display())));
        let extra: Result<Extra, _> = serde_json::from_value(checkpoint.metadata().clone());
        let (Ok(Extra { fit, .. }), Some(order)) = (extra, checkpoint.sampler_state()) else {
            return refuse(
                "was not made by `Fit`, so it does not say where the data's order was. Restore it by `Trainer::load`, or \
                 give another file."
                    .into(),
            );
        };
        let pairs = [
            ("examples", fit.examples as u64, self.train.len() as u64),
            ("examples in a batch", fit.batch as u64, self.batch as u64),
            ("as the seed of the order", order.seed, self.seed),
        ];
        if let Some((what, saved, own)) = pairs.iter().find(|(_, saved, own)| saved != own) {
            return refuse(format!(
                "was made with {saved} {what}, but there are {own} here. Train with the same data and settings, or give \
                 another file."
            ));
        }
        let resumed = batches.clone().resume(order)?;
        trainer.restore(&checkpoint)?;
        (*batches, *best) = (resumed, fit.best);
        Ok(Some(checkpoint.steps()))
    }

    /// Writes a checkpoint, if there is a file for it.
    pub(super) fn keep<M: Module>(
        &self,
        path: Option<&Path>,
        trainer: &Trainer<M, B>,
        batches: &BatchSampler,
        best: &Best,
    ) -> Result<()> {
        let Some(path) = path else { return Ok(()) };
        let fit = Loop { examples: self.train.len(), batch: self.batch, best: best.clone() };
        let extra = serde_json::to_value(Extra { fit, config: self.config.clone() });
        let extra = extra
            .map_err(|e| Error::Checkpoint(format!("The loop's state cannot be written as JSON: {e}.")))?;
        trainer.checkpoint()?.with_sampler_state(batches.state()).with_metadata(extra).write(path)
    }
}
