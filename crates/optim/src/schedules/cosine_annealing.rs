use super::prelude::*;
use super::reference::{after_warmup, warmed};

schedule! {
    [
        "CosineAnnealingLR(opt, T_max, eta_min=0)" => |a| CosineAnnealing {
         lr: a.lr(),
         steps: a.count("T_max")?,
         end: a.number("eta_min")?,
         };
        "Cosine(initial_lr, num_iters, min_lr=0)" => |a| CosineAnnealing {
            lr: a.number("initial_lr")?,
            steps: a.count("num_iters")?,
            end: a.number("min_lr")?,
        };
        "CosineScheduler(opt, t_max, max_lr, min_lr=0, init_lr=0, warmup_steps=0)" => |a| warmed(a, CosineAnnealing {
            lr: a.number("max_lr")?,
            steps: after_warmup(a)?,
            end: a.number("min_lr")?,
        })?;
    ]
    /// A cosine that goes on: down from `lr` to `end` in `steps` steps, up again in as many, and so forth
    /// (`torch.optim.lr_scheduler.CosineAnnealingLR` and Burn's cosine schedule, which do not stop after their last step).
    /// [`Cosine`](super::Cosine) stops.
    pub struct CosineAnnealing = "cosine_annealing" {
        /// The rate at first.
        lr: f64, in NonNegative;
        /// The number of steps down.
        steps: usize, in AtLeastOne;
        /// The lowest rate.
        end: f64 = 0.0, in NonNegative;
    }
}

impl Schedule for CosineAnnealing {
    fn rate(&self, step: u64) -> f64 {
        wave(self.lr, self.end, step as f64 / self.steps as f64)
    }
}
