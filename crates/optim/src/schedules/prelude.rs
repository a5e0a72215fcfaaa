//! What every schedule's file uses.

pub(super) use serde::{Deserialize, Serialize};

pub(super) use super::reference::Arguments;
pub(super) use super::{AnySchedule, Schedule};
pub(super) use crate::error::{Error, Result};
pub(super) use crate::named::Named;
pub(super) use crate::setting::Word;
pub(super) use crate::text::Call;

/// How much of `steps` steps from `begin` on has passed, from zero to one.
pub(super) fn progress(step: u64, begin: usize, steps: usize) -> f64 {
    let passed = step.saturating_sub(begin as u64);
    if passed >= steps as u64 { 1.0 } else { passed as f64 / steps as f64 }
}

/// Half a wave of a cosine from `start` to `end`: `end + ½ (start − end) (1 + cos(π part))`.
pub(super) fn wave(start: f64, end: f64, part: f64) -> f64 {
    end + (start - end) / 2.0 * (1.0 + (std::f64::consts::PI * part).cos())
}

/// `base^n`.
pub(super) fn power(base: f64, n: u64) -> f64 {
    base.powf(n as f64)
}

/// That steps are listed in ascending order.
pub(super) fn ascending(owner: &str, name: &str, at: &[usize]) -> Result<()> {
    match at.windows(2).all(|pair| pair[0] < pair[1]) {
        true => Ok(()),
        false => {
            Err(Error::Hyperparameter(format!("`{name}` of `{owner}` must ascend, but it is {at:?}; sort it.")))
        }
    }
}

/// That two lists belong together.
pub(super) fn same_length(owner: &str, a: &str, n: usize, b: &str, m: usize) -> Result<()> {
    match n == m {
        true => Ok(()),
        false => Err(Error::Hyperparameter(format!(
            "`{a}` of `{owner}` lists {n} values and `{b}` lists {m}; give as many of each."
        ))),
    }
}
