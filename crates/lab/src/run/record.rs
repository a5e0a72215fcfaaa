use serde::{Deserialize, Serialize};

use super::{Outcome, Run};

/// One moment of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Evaluations used, this one included.
    pub evaluations: u64,
    /// The value: of the landscape, or the loss of a task on held-out data.
    pub value: f64,
    /// The largest magnitude in the gradient; NaN where it is not known.
    pub gradient: f64,
    /// The Euclidean distance to the nearest known lowest minimum; NaN where none is known or the point was not kept.
    pub distance: f64,
    /// Seconds since the run began, shared evenly among runs that are computed together. Not part of what a run is.
    pub seconds: f64,
    /// The point, of problems of at most ten coordinates, where it was kept; else empty.
    pub point: Vec<f64>,
}

/// A run that has come to its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finished {
    /// What was run.
    pub run: Run,
    /// How it ended.
    pub outcome: Outcome,
    /// Evaluations used.
    pub evaluations: u64,
    /// The value at the end.
    pub value: f64,
    /// The lowest value of those that were looked at: at moments, at hits and at the end.
    pub best: f64,
    /// The largest magnitude in the gradient at the end.
    pub gradient: f64,
    /// The distance to the nearest known lowest minimum at the end; NaN where none is known.
    pub distance: f64,
    /// Seconds that it took.
    pub seconds: f64,
    /// For each of the problem's targets, from the easiest to the hardest: how many evaluations it took to hit it.
    pub hits: Vec<Option<u64>>,
    /// Whether it was cut off because its time was up. Such a run depends on the machine, so that it is reported but not kept.
    pub is_cut: bool,
    /// Moments at logarithmic steps, at hits and at the end, in order. Empty for trials of tuning.
    pub records: Vec<Record>,
}

impl Finished {
    /// The share of targets that were hit.
    pub fn share(&self) -> f64 {
        let hit = self.hits.iter().filter(|hit| hit.is_some()).count();
        hit as f64 / self.hits.len().max(1) as f64
    }
}
