use super::prelude::*;

schedule! {
    [
        "MultiStepLR(opt, milestones, gamma=0.1)" => |a| Multistep {
         lr: a.lr(),
         at: a.counts("milestones")?,
         gamma: a.number("gamma")?,
         };
    ]
    /// Multiplies the rate by `gamma` at each step that `at` lists, twice where it is listed twice
    /// (`torch.optim.lr_scheduler.MultiStepLR`).
    pub struct Multistep = "multistep" {
        /// The rate at first.
        lr: f64, in NonNegative;
        /// The steps from which on the rate is another one.
        at: Vec<usize>, in Any;
        /// What the rate is multiplied by at each.
        gamma: f64 = 0.1, in Positive;
    }
}

impl Schedule for Multistep {
    fn rate(&self, step: u64) -> f64 {
        let passed = self.at.iter().filter(|at| **at as u64 <= step).count();
        self.lr * power(self.gamma, passed as u64)
    }
}
