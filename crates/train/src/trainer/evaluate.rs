use burn::module::Module;
use thalweg_autodiff::Tree;
use thalweg_autodiff::executor::without_autodiff;

use super::{Trainer, number};
use crate::data::Dataset;
use crate::error::{Error, Result};

/// The mean loss and metrics over a set of examples.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// The mean of the batches' losses, each weighted by its number of examples.
    pub loss: f64,
    /// The means of the metrics that the loss function reports, by name.
    pub metrics: Vec<(String, f64)>,
}

impl Evaluation {
    /// The mean of the metric of this name.
    pub fn metric(&self, name: &str) -> Option<f64> {
        self.metrics.iter().find(|(own, _)| own == name).map(|(_, value)| *value)
    }
}

impl<M: Module, B: Tree> Trainer<M, B> {
    /// Mean loss and metrics of the [model to evaluate](Trainer::eval_model) over all examples, in batches of `size`. It is
    /// in inference mode: dropout does nothing, and batch norm takes its running statistics.
    ///
    /// # Errors
    /// [`Error::Setting`] for no example or an empty batch, and what the loss function returns.
    pub fn evaluate(&self, source: &dyn Dataset<Batch = B>, size: usize) -> Result<Evaluation> {
        self.evaluate_model(&self.eval_model()?, source, size)
    }

    /// As [`Trainer::evaluate`] for another model, for instance the one [that trains](Trainer::model).
    ///
    /// # Errors
    /// As [`Trainer::evaluate`].
    pub fn evaluate_model(
        &self,
        model: &M,
        source: &dyn Dataset<Batch = B>,
        size: usize,
    ) -> Result<Evaluation> {
        if source.is_empty() || size == 0 {
            return Err(Error::Setting(format!(
                "A model cannot be evaluated on {} examples in batches of {size}; both numbers must be at least 1.",
                source.len()
            )));
        }
        let model = model.valid();
        let rows: Vec<usize> = (0..source.len()).collect();
        let mut mean = Mean::default();
        for rows in rows.chunks(size) {
            let batch = self.on_plain(source.batch(rows, &self.device))?;
            let (loss, metrics) = self.loss.value(&model, &batch)?;
            let metrics =
                metrics.into_entries().into_iter().map(|(name, value)| (name, number(&value.into_data())));
            mean.add(number(&loss.into_data()), metrics, rows.len());
        }
        Ok(mean.get())
    }

    /// The batch on the plain device, whatever it was made on.
    fn on_plain(&self, batch: B) -> Result<B> {
        let mut leaves = vec![];
        let structure = batch.flatten(&mut leaves);
        Ok(B::unflatten(&structure, &mut leaves.into_iter().map(without_autodiff))?)
    }
}

/// Means weighted by numbers of examples.
#[derive(Default)]
pub(crate) struct Mean {
    loss: f64,
    metrics: Vec<(String, f64)>,
    examples: usize,
}

impl Mean {
    /// Takes the means of `examples` more examples in; metrics have the same names in every call.
    pub fn add(&mut self, loss: f64, metrics: impl Iterator<Item = (String, f64)>, examples: usize) {
        let weight = examples as f64;
        self.loss += weight * loss;
        self.examples += examples;
        for (k, (name, value)) in metrics.enumerate() {
            match self.metrics.get_mut(k) {
                Some((_, sum)) => *sum += weight * value,
                None => self.metrics.push((name, weight * value)),
            }
        }
    }

    pub fn get(&self) -> Evaluation {
        let n = self.examples as f64;
        let metrics = self.metrics.iter().map(|(name, sum)| (name.clone(), sum / n)).collect();
        Evaluation { loss: self.loss / n, metrics }
    }
}
