use crate::schedules::prelude::*;

schedule! {
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
