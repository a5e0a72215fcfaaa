use crate::schedules::prelude::*;
use crate::schedules::{Cosine, Exponential, Linear};

schedule! {
    [
        "SequentialLR(opt, schedulers, milestones)" => |a| Sequence {
         parts: a.schedules("schedulers")?,
         at: a.counts("milestones")?,
         };
        "Sequential(schedulers, milestones)" => |a| Sequence {
         parts: a.schedules("schedulers")?,
         at: a.counts("milestones")?,
         };
        "join_schedules(schedules, boundaries)" => |a| Sequence {
         parts: a.schedules("schedules")?,
         at: a.counts("boundaries")?,
         };
        "warmup_cosine_decay_schedule(init_value, peak_value, warmup_steps, decay_steps, end_value=0, exponent=1)"
         => |a| Sequence::warm_cosine(a)?;
        "sgdr_schedule(cosine_kwargs)" => |a| {
            let cycle = "dict(init_value, peak_value, warmup_steps, decay_steps, end_value=0, exponent=1)";
            let cycles = a.each("cosine_kwargs", cycle)?;
            let ends = cycles.iter().scan(0, |end, cycle| {
                *end += cycle.count("decay_steps").unwrap_or(0);
                Some(*end)
            });
            Sequence {
                at: ends.take(cycles.len().saturating_sub(1)).collect(),
                parts: cycles.iter().map(|c| Ok(Sequence::warm_cosine(c)?.into())).collect::<Result<_>>()?,
            }
        };
        "warmup_exponential_decay_schedule(init_value, peak_value, warmup_steps, transition_steps, decay_rate, transition_begin=0, staircase=False, end_value=None)"
         => |a| Sequence::warm(a, Exponential::of_optax(a, a.number("peak_value")?)?)?;
    ]
    /// One schedule after the other, each from its own step zero on: `parts[k + 1]` takes over at step `at[k]`
    /// (`optax.join_schedules`; PyTorch's and Burn's sequential schedules).
    ///
    /// ```
    /// use thalweg_optim::schedules::{AnySchedule, Schedule};
    /// let text = "sequence([linear(start=0, end=1, steps=10), exponential(lr=1, gamma=0.5)], at=[10])";
    /// let schedule: AnySchedule = text.parse()?;
    /// assert_eq!([9, 10, 11].map(|t| schedule.rate(t)), [0.9, 1.0, 0.5]);
    /// # Ok::<(), thalweg_optim::Error>(())
    /// ```
    pub struct Sequence = "sequence" {
        /// The schedules.
        parts: Vec<AnySchedule>, in Any;
        /// The steps at which the second and all later ones take over, ascending.
        at: Vec<usize>, in Any;
    }
    agree(own) {
        ascending(Sequence::NAME, "at", &own.at)?;
        if own.parts.len() != own.at.len() + 1 {
            return Err(Error::Hyperparameter(format!(
                "`sequence` has {} schedules and {} steps in `at` at which the next one takes over; give one step fewer \
                 than schedules.",
                own.parts.len(),
                own.at.len()
            )));
        }
    }
}

impl Sequence {
    /// Optax's warm-up in a straight line, and what follows.
    fn warm(a: &Arguments, then: impl Into<AnySchedule>) -> Result<Self> {
        let (start, end, steps) = (a.number("init_value")?, a.number("peak_value")?, a.count("warmup_steps")?);
        Ok(match steps {
            0 => Sequence { parts: vec![then.into()], at: vec![] },
            _ => Sequence {
                parts: vec![Linear { start, end, steps, begin: 0, extend: false }.into(), then.into()],
                at: vec![steps],
            },
        })
    }

    /// Optax's warm-up and cosine, whose steps count the warm-up.
    fn warm_cosine(a: &Arguments) -> Result<Self> {
        let steps = match (a.count("decay_steps")?, a.count("warmup_steps")?) {
            (decay, warmup) if decay > warmup => decay - warmup,
            (_, warmup) => return Err(a.wrong("decay_steps", &format!("more than `warmup_steps`, {warmup}"))),
        };
        let lr = a.number("peak_value")?;
        Sequence::warm(a, Cosine { lr, steps, end: a.number("end_value")?, power: a.number("exponent")? })
    }

    /// Which schedule rules at a step, and how many of its own steps it has made.
    fn ruling(&self, step: u64) -> (usize, u64) {
        let passed = self.at.iter().filter(|at| **at as u64 <= step).count();
        (passed, step - passed.checked_sub(1).map_or(0, |k| self.at[k] as u64))
    }
}

impl Schedule for Sequence {
    fn rate(&self, step: u64) -> f64 {
        let (part, own) = self.ruling(step);
        self.parts[part].rate(own)
    }

    fn momentum(&self, step: u64) -> Option<f64> {
        let (part, own) = self.ruling(step);
        self.parts[part].momentum(own)
    }

    fn observe(&mut self, step: u64, metric: f64) {
        let (part, own) = self.ruling(step);
        self.parts[part].observe(own, metric);
    }

    fn parts(&self) -> Vec<&AnySchedule> {
        self.parts.iter().collect()
    }

    fn parts_mut(&mut self) -> Vec<&mut AnySchedule> {
        self.parts.iter_mut().collect()
    }
}
