use super::prelude::*;
use super::reference::{after_warmup, warmed};

schedule! {
    [
        "LinearLR(opt, start_factor=0.3333333333333333, end_factor=1, total_iters=5)" => |a| Linear {
         start: a.lr() * a.number("start_factor")?,
         end: a.lr() * a.number("end_factor")?,
         steps: a.count("total_iters")?,
         begin: 0,
         extend: false,
         };
        "linear_schedule(init_value, end_value, transition_steps, transition_begin=0)" => |a| Linear {
         start: a.number("init_value")?,
         end: a.number("end_value")?,
         steps: a.count("transition_steps")?,
         begin: a.count("transition_begin")?,
         extend: false,
         };
        "warmup_constant_schedule(init_value, peak_value, warmup_steps)" => |a| Linear {
            start: a.number("init_value")?,
            end: a.number("peak_value")?,
            steps: a.count("warmup_steps")?,
            begin: 0,
            extend: false,
        };
        "Linear(initial_lr, final_lr, num_iters)" => |a| Linear {
            start: a.number("initial_lr")?,
            end: a.number("final_lr")?,
            steps: a.count("num_iters")?,
            begin: 0,
            extend: false,
        };
        "LinearScheduler(opt, t_max, max_lr, min_lr=0, init_lr=0, warmup_steps=0)" => |a| warmed(a, Linear {
            start: a.number("max_lr")?,
            end: a.number("min_lr")?,
            steps: after_warmup(a)?,
            begin: 0,
            extend: true,
        })?;
    ]
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
        /// Whether the line goes on after its last step, below zero if need be (`pytorch_optimizer.LinearScheduler`).
        extend: bool = false, in Any;
    }
}

impl Schedule for Linear {
    fn rate(&self, step: u64) -> f64 {
        let part = match self.extend {
            true => step.saturating_sub(self.begin as u64) as f64 / self.steps as f64,
            false => progress(step, self.begin, self.steps),
        };
        self.start + (self.end - self.start) * part
    }
}
