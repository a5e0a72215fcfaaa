//! Optimizers: trajectories of PyTorch's, optax's and pytorch_optimizer's on small problems.

use serde_json::Value;

use super::Report;
use crate::goldens::{self, Verdict};

pub use crate::goldens::matches;

/// Holds every case against its trajectory.
pub fn check(content: &Value, report: &mut Report) {
    goldens::check(content, |case, verdict| match verdict {
        Verdict::Agrees => report.pass(),
        Verdict::Unknown(what) => report.skip(&what),
        Verdict::Differs { at, expected, got } => {
            let id = case["id"].as_str().unwrap_or_default();
            report.fail(&format!("{id}, {at}"), expected, got);
        }
    });
}
