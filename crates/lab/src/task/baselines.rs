//! The losses that set the targets: written by `cargo xtask baselines`, never by hand.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// What the baseline of a task has come to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// The median held-out loss before the first step.
    pub start: f64,
    /// The median of the lowest held-out losses of 20 reruns.
    pub target: f64,
}

impl Baseline {
    /// The losses between which targets lie.
    pub fn losses(&self) -> [f64; 2] {
        [self.start, self.target]
    }
}

/// The baseline of a shipped task.
///
/// # Errors
/// [`Error::Missing`] if there is none.
pub fn baseline(task: &str) -> Result<Baseline> {
    let all: BTreeMap<String, Baseline> = serde_json::from_str(include_str!("baselines.json"))
        .map_err(|e| Error::Missing(format!("The baselines of tasks cannot be read: {e}.")))?;
    all.get(task).copied().ok_or_else(|| {
        Error::Missing(format!("The task `{task}` has no baseline; run `cargo xtask baselines`."))
    })
}
