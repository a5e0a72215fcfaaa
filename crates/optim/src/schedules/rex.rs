use super::Shifted;
use super::prelude::*;
use super::reference::first;

schedule! {
    [
        "REXScheduler(opt, total_steps, max_lr=1, min_lr=0)" => |a| {
         let rex = Rex { lr: a.number("max_lr")?, steps: a.count("total_steps")?, end: a.number("min_lr")? };
         // The first rate is read before the schedule is.
         first(a.number("min_lr")?, Shifted { inner: rex.into(), by: 1 })
         };
    ]
    /// Reflected exponential decay: `end + (lr − end) · (1 − p) / (1 − p/2)` with `p = t / steps`, then `end`
    /// (`pytorch_optimizer.REXScheduler`).
    ///
    /// J. Chen, C. Wolfe and A. Kyrillidis, REX: revisiting budgeted training with an improved schedule, MLSys (2022),
    /// arXiv:2107.04197.
    pub struct Rex = "rex" {
        /// The rate at first.
        lr: f64, in NonNegative;
        /// The number of steps.
        steps: usize, in AtLeastOne;
        /// The rate in the end.
        end: f64 = 0.0, in NonNegative;
    }
}

impl Schedule for Rex {
    fn rate(&self, step: u64) -> f64 {
        let part = progress(step, 0, self.steps);
        self.end + (self.lr - self.end) * ((1.0 - part) / (1.0 - part / 2.0))
    }
}
