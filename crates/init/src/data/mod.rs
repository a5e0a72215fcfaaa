//! What depends on a model and a batch: a data-dependent scheme, and a diagnosis.

mod lsuv;
mod propagate;

pub use lsuv::{Lsuv, LsuvStep, Scope, VarianceOf};
pub use propagate::{LayerReport, Probe, Propagation, propagate};

use burn::tensor::Tensor;

use crate::error::{Error, Result};

/// The outputs of a model's layers on a batch, in order, each with the path of the weight that makes it.
///
/// A linear layer's output is `[…, features]`, a convolution's `[batch, channels, …]`.
pub type Outputs<const D: usize> = Vec<(String, Tensor<D>)>;

/// A layer's output as numbers.
struct Activations {
    shape: Vec<usize>,
    values: Vec<f64>,
}

impl Activations {
    fn of<const D: usize>(path: &str, output: Tensor<D>) -> Result<Self> {
        let shape = output.shape().to_vec();
        let values: Vec<f64> = output.into_data().iter().collect();
        if let Some(wrong) = values.iter().find(|x| !x.is_finite()) {
            return Err(Error::Data(format!(
                "The output of `{path}` holds {wrong} on this batch; look for it in the batch, or start with smaller weights."
            )));
        }
        if values.len() < 2 {
            return Err(Error::Data(format!(
                "The output of `{path}` has shape {shape:?}, too few values for a variance; give a larger batch."
            )));
        }
        Ok(Activations { shape, values })
    }

    /// The values of each unit along an axis.
    fn units(&self, axis: usize) -> Vec<Vec<f64>> {
        let (n, inner) = (self.shape[axis], self.shape[axis + 1..].iter().product::<usize>());
        let mut units = vec![Vec::with_capacity(self.values.len() / n.max(1)); n];
        for (at, value) in self.values.iter().enumerate() {
            units[at / inner % n].push(*value);
        }
        units
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The mean square distance from the mean.
fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / values.len() as f64
}
