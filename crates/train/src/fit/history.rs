use crate::trainer::{Evaluation, NonFinite};

/// What an epoch gave.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochReport {
    /// Its number, from zero.
    pub epoch: u64,
    /// How many steps were made until its end, in all epochs.
    pub steps: u64,
    /// The learning rate of its last step.
    pub learning_rate: f64,
    /// Means over its batches, each as it was before its step, with dropout and batch statistics.
    pub train: Evaluation,
    /// Means over the validation's examples after it.
    pub validation: Option<Evaluation>,
    /// How many examples it has taken in, fewer than all if it was resumed within.
    pub examples: usize,
    /// How long its steps took, in seconds.
    pub seconds: f64,
}

impl EpochReport {
    /// Examples per second.
    pub fn throughput(&self) -> f64 {
        self.examples as f64 / self.seconds
    }
}

/// Why a training has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// All epochs were made.
    Epochs,
    /// Nothing has got better for long enough.
    NoImprovement {
        /// The number of the best epoch; none if the number that decides was never a number.
        best: Option<u64>,
    },
}

/// What a training gave.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// The epochs of this run, in order.
    pub epochs: Vec<EpochReport>,
    /// The number of steps of the checkpoint that it went on from.
    pub resumed_at_step: Option<u64>,
    /// Why it has ended.
    pub stop_reason: StopReason,
    /// What was not finite and did not stop the training: the first hundred reports.
    pub non_finite: Vec<NonFinite>,
    /// How many batches had something that was not finite.
    pub non_finite_batches: u64,
    /// How long it took, in seconds.
    pub seconds: f64,
}

impl History {
    pub(super) fn new(resumed: Option<u64>) -> Self {
        History {
            epochs: vec![],
            resumed_at_step: resumed,
            stop_reason: StopReason::Epochs,
            non_finite: vec![],
            non_finite_batches: 0,
            seconds: 0.0,
        }
    }
}
