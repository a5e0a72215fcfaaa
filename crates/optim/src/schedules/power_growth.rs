use super::prelude::*;

schedule! {
    /// `low + (high − low) · t^power`, which grows without bound (what `pytorch_optimizer.PolyScheduler` does after its
    /// warm-up).
    pub struct PowerGrowth = "power_growth" {
        /// The rate at first.
        low: f64, in NonNegative;
        /// The rate after the first step.
        high: f64, in NonNegative;
        /// The exponent.
        power: f64 = 0.5, in Positive;
    }
}

impl Schedule for PowerGrowth {
    fn rate(&self, step: u64) -> f64 {
        self.low + (self.high - self.low) * (step as f64).powf(self.power)
    }
}
