use std::fmt;
use std::sync::Arc;

use super::prelude::*;
use super::{Listed, Reference};
use crate::named::SettingInfo;

/// A schedule that a closure gives: `lr · f(t)` (`torch.optim.lr_scheduler.LambdaLR`), or, by
/// [`Lambda::multiplicative`], `lr · f(1) · … · f(t)` (`MultiplicativeLR`).
///
/// It composes as all others do, but is no text: it prints as `lambda`, and reading that is an error.
///
/// ```
/// use thalweg_optim::schedules::{AnySchedule, Lambda, Schedule, Warmup};
/// let decay = Lambda::new(0.1, |t| 1.0 / (1.0 + t as f64));
/// let schedule = AnySchedule::from(Warmup { inner: decay.into(), steps: 4, start: 0.0 });
/// assert_eq!([2, 4, 5].map(|t| schedule.rate(t)), [0.05, 0.1, 0.05]);
/// ```
#[derive(Clone)]
pub struct Lambda {
    lr: f64,
    is_product: bool,
    f: Arc<dyn Fn(u64) -> f64 + Send + Sync>,
}

impl Lambda {
    /// `lr · f(t)`.
    pub fn new(lr: f64, f: impl Fn(u64) -> f64 + Send + Sync + 'static) -> Self {
        Lambda { lr, is_product: false, f: Arc::new(f) }
    }

    /// `lr · f(1) · … · f(t)`. Takes a time that grows with `t`.
    pub fn multiplicative(lr: f64, f: impl Fn(u64) -> f64 + Send + Sync + 'static) -> Self {
        Lambda { is_product: true, ..Lambda::new(lr, f) }
    }
}

impl Schedule for Lambda {
    fn rate(&self, step: u64) -> f64 {
        match self.is_product {
            true => (1..=step).fold(self.lr, |rate, t| rate * (self.f)(t)),
            false => self.lr * (self.f)(step),
        }
    }
}

impl fmt::Debug for Lambda {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lambda").field("lr", &self.lr).finish_non_exhaustive()
    }
}

impl Named for Lambda {
    const NAME: &'static str = "lambda";

    const DOC: &'static str = "A schedule that a closure gives; it cannot be read from text.";

    const SETTINGS: &'static [SettingInfo] = &[];

    fn from_call(_call: &Call) -> Result<Self> {
        Err(Error::Unknown(
            "A `lambda` schedule holds a function, which no text can tell; build it by `Lambda::new` in code."
                .into(),
        ))
    }

    fn to_call(&self) -> Call {
        Call::word(Self::NAME)
    }

    fn to_full_call(&self) -> Call {
        self.to_call()
    }

    fn check(&self) -> Result<()> {
        self.agree()
    }

    fn agree(&self) -> Result<()> {
        Ok(())
    }
}

impl Listed for Lambda {
    const REFERENCES: &'static [Reference] = &[];
}
