use super::prelude::*;

schedule! {
    [
        "ConstantLR(opt, factor=0.3333333333333333, total_iters=5)" => |a| ConstantFactor {
         lr: a.lr(),
         factor: a.number("factor")?,
         steps: a.count("total_iters")?,
         };
    ]
    /// `lr · factor` for the first `steps` steps, then `lr` (`torch.optim.lr_scheduler.ConstantLR`).
    pub struct ConstantFactor = "constant_factor" {
        /// The rate in the end.
        lr: f64, in NonNegative;
        /// What the first rates are of it.
        factor: f64 = 1.0 / 3.0, in NonNegative;
        /// For how many steps.
        steps: usize = 5, in Any;
    }
}

impl Schedule for ConstantFactor {
    fn rate(&self, step: u64) -> f64 {
        if step < self.steps as u64 { self.lr * self.factor } else { self.lr }
    }
}
