use super::prelude::*;

schedule! {
    /// `lr · gamma^(t / every)`, `t` counted from `begin`; in steps of `every` if `staircase`, and never beyond `end`, which
    /// bounds from below for `gamma < 1` and from above otherwise (`optax.exponential_decay`; PyTorch's and Burn's
    /// exponential schedules with `every = 1`).
    pub struct Exponential = "exponential" {
        /// The rate at first.
        lr: f64, in NonNegative;
        /// What the rate is multiplied by in `every` steps.
        gamma: f64, in Positive;
        /// In how many steps.
        every: usize = 1, in AtLeastOne;
        /// The step at which the decay begins.
        begin: usize = 0, in Any;
        /// Whether the exponent is rounded down.
        staircase: bool = false, in Any;
        /// Where the rate stops.
        end: Option<f64> = None, in NonNegative;
    }
}

impl Schedule for Exponential {
    fn rate(&self, step: u64) -> f64 {
        let t = step.saturating_sub(self.begin as u64) as f64 / self.every as f64;
        let rate = self.lr * self.gamma.powf(if self.staircase { t.floor() } else { t });
        match self.end {
            Some(end) if self.gamma < 1.0 => rate.max(end),
            Some(end) => rate.min(end),
            None => rate,
        }
    }
}
