use super::prelude::*;

schedule! {
    [
        "ExponentialLR(opt, gamma)" => |a| Exponential::every_step(a.lr(), a.number("gamma")?);
        "Exponential(initial_lr, gamma)" => |a| Exponential::every_step(a.number("initial_lr")?, a.number("gamma")?);
        "exponential_decay(init_value, transition_steps, decay_rate, transition_begin=0, staircase=False, end_value=None)"
         => |a| Exponential::of_optax(a, a.number("init_value")?)?;
    ]
    /// `lr · gamma^(t / every)`, `t` counted from `begin`; in steps of `every` if `staircase`, and never beyond `end`, which
    /// bounds from below for `gamma < 1` and from above otherwise (`optax.exponential_decay`; PyTorch's and Burn's
    /// exponential schedules with `every = 1`).
    pub struct Exponential = "exponential" {
        /// The rate at first.
        lr: f64, in NonNegative;
        /// What the rate is multiplied by in `every` steps.
        gamma: f64, in Positive;
        /// In how many steps.
        every: usize = 1, in AtLeastOne;
        /// The step at which the decay begins.
        begin: usize = 0, in Any;
        /// Whether the exponent is rounded down.
        staircase: bool = false, in Any;
        /// Where the rate stops.
        end: Option<f64> = None, in NonNegative;
    }
}

impl Exponential {
    /// `lr · gammaᵗ`.
    fn every_step(lr: f64, gamma: f64) -> Self {
        Exponential { lr, gamma, every: 1, begin: 0, staircase: false, end: None }
    }

    /// Optax's, from its arguments beside the rate at first.
    pub(super) fn of_optax(a: &Arguments, lr: f64) -> Result<Self> {
        Ok(Exponential {
            lr,
            gamma: a.number("decay_rate")?,
            every: a.count("transition_steps")?,
            begin: a.count("transition_begin")?,
            staircase: a.flag("staircase"),
            end: a.option("end_value")?,
        })
    }
}

impl Schedule for Exponential {
    fn rate(&self, step: u64) -> f64 {
        let t = step.saturating_sub(self.begin as u64) as f64 / self.every as f64;
        // A factor may grow without bound, but nothing stays nothing.
        let factor = self.gamma.powf(if self.staircase { t.floor() } else { t });
        let rate = if self.lr == 0.0 { 0.0 } else { self.lr * factor };
        match self.end {
            Some(end) if self.gamma < 1.0 => rate.max(end),
            Some(end) => rate.min(end),
            None => rate,
        }
    }
}
