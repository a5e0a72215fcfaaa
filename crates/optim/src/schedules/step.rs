use super::prelude::*;

schedule! {
    [
        "StepLR(opt, step_size, gamma=0.1)" => |a| Step {
         lr: a.lr(),
         every: a.count("step_size")?,
         gamma: a.number("gamma")?,
         };
        "Step(initial_lr, step_size, gamma=0.1)" => |a| Step {
         lr: a.number("initial_lr")?,
         every: a.count("step_size")?,
         gamma: a.number("gamma")?,
         };
    ]
    /// `lr · gamma^⌊t / every⌋` (`torch.optim.lr_scheduler.StepLR`; Burn's step schedule).
    pub struct Step = "step" {
        /// The rate at first.
        lr: f64, in NonNegative;
        /// The number of steps between two changes.
        every: usize, in AtLeastOne;
        /// What the rate is multiplied by at each.
        gamma: f64 = 0.1, in Positive;
    }
}

impl Schedule for Step {
    fn rate(&self, step: u64) -> f64 {
        self.lr * power(self.gamma, step / self.every as u64)
    }
}
