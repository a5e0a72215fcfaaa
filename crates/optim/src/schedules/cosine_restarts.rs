use super::Shifted;
use super::prelude::*;
use super::reference::first;

schedule! {
    [
        "CosineAnnealingWarmRestarts(opt, T_0, T_mult=1, eta_min=0)" => |a| CosineRestarts {
         lr: a.lr(),
         steps: a.count("T_0")?,
         mult: a.number("T_mult")?,
         end: a.number("eta_min")?,
         warmup: 0,
         decay: 1.0,
         };
        "CosineAnnealingWarmupRestarts(opt, first_cycle_steps, cycle_mult=1, max_lr=1e-4, min_lr=1e-6, warmup_steps=0, gamma=0.9)"
         => |a| {
         let cycles = CosineRestarts {
         lr: a.number("max_lr")?,
         steps: a.count("first_cycle_steps")?,
         mult: a.number("cycle_mult")?,
         end: a.number("min_lr")?,
         warmup: a.count("warmup_steps")?,
         decay: a.number("gamma")?,
         };
         // The first rate is read before the schedule is.
         first(a.number("min_lr")?, Shifted { inner: cycles.into(), by: 1 })
         };
    ]
    /// Cosine decay in cycles that start anew at the full rate, each after a warm-up in a straight line from `end`, each
    /// `mult` times as long as the one before (rounded down; the warm-up keeps its length) and `decay` times as high
    /// (`torch.optim.lr_scheduler.CosineAnnealingWarmRestarts` without the last two,
    /// `pytorch_optimizer.CosineAnnealingWarmupRestarts` with them).
    ///
    /// I. Loshchilov and F. Hutter, SGDR: stochastic gradient descent with warm restarts, ICLR (2017), arXiv:1608.03983.
    pub struct CosineRestarts = "cosine_restarts" {
        /// The rate at first.
        lr: f64, in NonNegative;
        /// The length of the first cycle, its warm-up included.
        steps: usize, in AtLeastOne;
        /// What the length of each decay is of the one before.
        mult: f64 = 1.0, in Positive;
        /// The rate at the end of each cycle and before each warm-up.
        end: f64 = 0.0, in NonNegative;
        /// The number of steps in each warm-up.
        warmup: usize = 0, in Any;
        /// What the height of each cycle is of the one before.
        decay: f64 = 1.0, in Positive;
    }
    agree(own) {
        if own.warmup >= own.steps {
            return Err(Error::Hyperparameter(format!(
                "`cosine_restarts` has a `warmup` of {} steps in a first cycle of {}; make `steps` larger.",
                own.warmup, own.steps
            )));
        }
    }
}

impl Schedule for CosineRestarts {
    fn rate(&self, step: u64) -> f64 {
        let warmup = self.warmup as u64;
        let mut decay = self.steps as u64 - warmup;
        let (mut height, mut t) = (self.lr, step);
        while t >= warmup + decay {
            let next = ((decay as f64 * self.mult) as u64).max(1);
            // Cycles that no longer change are passed at once.
            let passed = if next == decay { t / (warmup + decay) } else { 1 };
            t -= passed * (warmup + decay);
            height *= power(self.decay, passed);
            decay = next;
        }
        match t.checked_sub(warmup) {
            None => self.end + (height - self.end) * t as f64 / warmup as f64,
            Some(t) => wave(height, self.end, t as f64 / decay as f64),
        }
    }
}
