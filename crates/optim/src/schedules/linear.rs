use super::prelude::*;

schedule! {
    /// A straight line from `start` to `end` in `steps` steps, constant before and after it:
    /// `start + (end − start) · t / steps`, with `t` counted from `begin` (`optax.linear_schedule`; Burn's linear; PyTorch's
    /// `LinearLR` with `start = lr · start_factor`, `end = lr · end_factor`).
    pub struct Linear = "linear" {
        /// The rate at first.
        start: f64, in NonNegative;
        /// The rate in the end.
        end: f64, in NonNegative;
        /// The number of steps from one to the other.
        steps: usize, in AtLeastOne;
        /// The step at which the line begins.
        begin: usize = 0, in Any;
    }
}

impl Schedule for Linear {
    fn rate(&self, step: u64) -> f64 {
        self.start + (self.end - self.start) * progress(step, self.begin, self.steps)
    }
}
