use crate::schedules::prelude::*;

/// Declares a schedule around another one.
macro_rules! around {
    (
        $(#[doc = $text:expr])*
        $Type:ident = $name:literal {
            $( $(#[doc = $doc:expr])* $field:ident: $Field:ty $(= $default:expr)?, in $domain:ident; )*
        }
        $(agree($checked:ident) $agree:block)?
        $(inside($outer:ident, $at:ident) $inside:block)?
        |$own:ident, $step:ident| $rate:expr
    ) => {
        schedule! {
            []
            $(#[doc = $text])*
            pub struct $Type = $name {
                /// The schedule inside.
                inner: AnySchedule, in Any;
                $( $(#[doc = $doc])* $field: $Field $(= $default)?, in $domain; )*
            }
            $(agree($checked) $agree)?
        }

        impl $Type {
            /// The step of the schedule inside at a step of this one; none while it waits at its step zero.
            fn inside(&self, step: u64) -> Option<u64> {
                // Its own rule where it has one, else the same step.
                [$({ let ($outer, $at) = (self, step); $inside },)? Some(step)][0]
            }
        }

        impl Schedule for $Type {
            fn rate(&self, $step: u64) -> f64 {
                let $own = self;
                $rate
            }

            fn momentum(&self, step: u64) -> Option<f64> {
                self.inner.momentum(self.inside(step).unwrap_or(0))
            }

            fn observe(&mut self, step: u64, metric: f64) {
                if let Some(step) = self.inside(step) {
                    self.inner.observe(step, metric);
                }
            }

            fn parts(&self) -> Vec<&AnySchedule> {
                vec![&self.inner]
            }

            fn parts_mut(&mut self) -> Vec<&mut AnySchedule> {
                vec![&mut self.inner]
            }
        }
    };
}

around! {
    /// Up in a straight line from `start` times the first rate of what follows, in `steps` steps; then what follows, from its
    /// own step zero on. `warmup(linear(…), …)` and all other schedules compose in this way.
    Warmup = "warmup" {
        /// The number of steps up.
        steps: usize, in AtLeastOne;
        /// What the first rate is of the one that it leads to.
        start: f64 = 0.0, in NonNegative;
    }
    inside(own, step) { step.checked_sub(own.steps as u64) }
    |own, step| match own.inside(step) {
        Some(after) => own.inner.rate(after),
        None => own.inner.rate(0) * (own.start + (1.0 - own.start) * progress(step, 0, own.steps)),
    }
}

around! {
    /// The same schedule, begun `by` steps late, at its own step `by`.
    Shifted = "shifted" {
        /// The steps left out.
        by: usize, in Any;
    }
    inside(own, step) { Some(step.saturating_add(own.by as u64)) }
    |own, step| own.inner.rate(own.inside(step).unwrap_or(0))
}

around! {
    /// The same schedule over and over from its step zero, each time `mult` times as many steps of it (rounded down).
    Restart = "restart" {
        /// The number of steps before the first restart.
        every: usize, in AtLeastOne;
        /// What the number of steps is of that before.
        mult: f64 = 1.0, in Positive;
    }
    inside(own, step) {
        let (mut t, mut length) = (step, own.every as u64);
        while t >= length {
            let next = ((length as f64 * own.mult) as u64).max(1);
            // Rounds that no longer change are passed at once.
            t = if next == length { t % length } else { t - length };
            length = next;
        }
        Some(t)
    }
    |own, step| own.inner.rate(own.inside(step).unwrap_or(0))
}

around! {
    /// The rate of another schedule, multiplied.
    Scaled = "scaled" {
        /// By what.
        by: f64, in NonNegative;
    }
    |own, step| own.by * own.inner.rate(step)
}

around! {
    /// The rate of another schedule, but never below `low` or above `high`.
    Bounded = "bounded" {
        /// The lowest rate.
        low: f64 = 0.0, in NonNegative;
        /// The highest rate.
        high: Option<f64> = None, in NonNegative;
    }
    agree(own) {
        if own.high.is_some_and(|high| high < own.low) {
            return Err(Error::Hyperparameter("`bounded` has a `high` below its `low`; exchange them.".into()));
        }
    }
    |own, step| own.inner.rate(step).min(own.high.unwrap_or(f64::INFINITY)).max(own.low)
}

around! {
    /// Another quantity that moves as the rate of another schedule does: `from_low ↦ to_low` and `from_high ↦ to_high`, in a
    /// straight line (`pytorch_optimizer.ProportionScheduler`, which moves the radius of GSAM so).
    Proportion = "proportion" {
        /// A rate.
        from_low: f64 = 0.0, in NonNegative;
        /// A higher rate.
        from_high: f64, in NonNegative;
        /// What the first stands for.
        to_low: f64, in Finite;
        /// What the second stands for.
        to_high: f64, in Finite;
    }
    |own, step| match own.from_high > own.from_low {
        true => {
            let part = (own.inner.rate(step) - own.from_low) / (own.from_high - own.from_low);
            own.to_low + (own.to_high - own.to_low) * part
        }
        false => own.to_high,
    }
}
