use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::EpochReport;
use crate::error::{Error, Result};

/// Which of two numbers is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The smaller one, as of losses.
    Minimize,
    /// The larger one, as of accuracies.
    Maximize,
}

/// Stops a training when a number has not got better for some epochs.
///
/// The number is of the validation where there is one, else of the training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EarlyStopping {
    /// How many epochs without getting better are allowed; 10 by default.
    pub patience: u64,
    /// By how much a number must be better to count; 0 by default.
    pub min_delta: f64,
    /// The metric that decides, by name, and which values of it are better; the loss by default.
    pub metric: Option<(String, Direction)>,
}

impl Default for EarlyStopping {
    fn default() -> Self {
        EarlyStopping { patience: 10, min_delta: 0.0, metric: None }
    }
}

/// The best epoch so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Best {
    /// Its number and value. The value is text that reads back to the same bits, which JSON's numbers need not.
    found: Option<(u64, String)>,
    /// Epochs since.
    waited: u64,
}

impl Best {
    /// Takes an epoch in and says whether to go on.
    pub fn judge(&mut self, rule: &EarlyStopping, epoch: &EpochReport) -> Result<ControlFlow<()>> {
        let measured = epoch.validation.as_ref().unwrap_or(&epoch.train);
        let (value, goal) = match &rule.metric {
            None => (measured.loss, Direction::Minimize),
            Some((name, goal)) => {
                let value = measured.metric(name).ok_or_else(|| {
                    let known: Vec<String> = measured.metrics.iter().map(|(name, _)| format!("`{name}`")).collect();
                    Error::Setting(format!(
                        "Training cannot stop by the metric `{name}`: the loss function reports {}. Name one of those, \
                         or return it in `Metrics`.",
                        if known.is_empty() { "none".into() } else { known.join(", ") }
                    ))
                })?;
                (value, *goal)
            }
        };
        let before = self.found.as_ref().and_then(|(_, text)| text.parse::<f64>().ok());
        let is_better = match (before, goal) {
            (None, _) => !value.is_nan(),
            (Some(before), Direction::Minimize) => value < before - rule.min_delta,
            (Some(before), Direction::Maximize) => value > before + rule.min_delta,
        };
        if is_better {
            *self = Best { found: Some((epoch.epoch, value.to_string())), waited: 0 };
        } else {
            self.waited += 1;
        }
        Ok(if self.waited > rule.patience { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }

    /// Whether the last epoch was the best.
    pub fn is_last(&self) -> bool {
        self.found.is_some() && self.waited == 0
    }

    pub fn epoch(&self) -> Option<u64> {
        self.found.as_ref().map(|(epoch, _)| *epoch)
    }
}
