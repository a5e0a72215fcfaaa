use super::prelude::*;
use super::reference::warmed;
use super::{Constant, Sequence, Shifted};

schedule! {
    [
        "PolyScheduler(opt, poly_order=0.5, t_max=0, max_lr=0, min_lr=0, init_lr=0, warmup_steps=0)" => |a| {
         let growth = PowerGrowth { low: a.number("min_lr")?, high: a.number("max_lr")?, power: a.number("poly_order")? };
         // The first rate after the warm-up is the highest of it.
         let first = Constant { lr: a.number("max_lr")? };
         warmed(a, Sequence { parts: vec![first.into(), Shifted { inner: growth.into(), by: 1 }.into()], at: vec![1] })?
         };
    ]
    /// `low + (high − low) · t^power`, which grows without bound (what `pytorch_optimizer.PolyScheduler` does after its
    /// warm-up). With `high` below `low` it falls to zero and stays there, where that scheduler goes below.
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
        (self.low + (self.high - self.low) * (step as f64).powf(self.power)).max(0.0)
    }
}
