use std::fmt;

use burn::optim::lr_scheduler::LrSchedulerRecord;

use super::registry;
use crate::error::Result;
use crate::named::{Named, textual};
use crate::text::Call;

/// A learning rate as a function of the step, counted from zero.
///
/// Adding a schedule is one file in this folder and one line in the registry. Composed ones hold others as
/// [`AnySchedule`].
pub trait Schedule: fmt::Debug + Send + Sync + 'static {
    /// The rate of step `step`.
    fn rate(&self, step: u64) -> f64;

    /// The momentum that goes with the rate, where the schedule moves it against the rate; what an optimizer calls
    /// momentum or `beta1`.
    fn momentum(&self, step: u64) -> Option<f64> {
        self.parts().iter().find_map(|part| part.momentum(step))
    }

    /// Takes note of a metric after step `step`, such as the loss on the validation set, where the schedule waits for
    /// one. What is composed passes it on.
    fn observe(&mut self, step: u64, metric: f64) {
        self.parts_mut().into_iter().for_each(|part| part.observe(step, metric));
    }

    /// The schedules that this one is composed of.
    fn parts(&self) -> Vec<&AnySchedule> {
        vec![]
    }

    /// The schedules that this one is composed of.
    fn parts_mut(&mut self) -> Vec<&mut AnySchedule> {
        vec![]
    }

    /// What it has learnt from metrics, as numbers by name.
    fn learnt(&self) -> Vec<(&'static str, f64)> {
        vec![]
    }

    /// Takes back what it had learnt.
    fn relearn(&mut self, value: &dyn Fn(&str) -> Option<f64>) {
        let _ = value;
    }
}

/// What every schedule offers behind a pointer; given to all that are cloneable and have a name.
trait Boxed: Schedule {
    fn clone_box(&self) -> Box<dyn Boxed>;
    fn call(&self) -> Call;
    fn as_schedule(&self) -> &dyn Schedule;
    fn as_schedule_mut(&mut self) -> &mut dyn Schedule;
}

impl<T: Schedule + Named + Clone> Boxed for T {
    fn clone_box(&self) -> Box<dyn Boxed> {
        Box::new(self.clone())
    }

    fn call(&self) -> Call {
        self.to_call()
    }

    fn as_schedule(&self) -> &dyn Schedule {
        self
    }

    fn as_schedule_mut(&mut self) -> &mut dyn Schedule {
        self
    }
}

/// Any schedule of the registry: read from text, printed, and saved by serde as that text.
///
/// ```
/// use thalweg_optim::schedules::{AnySchedule, Schedule};
/// let schedule: AnySchedule = "warmup(cosine(lr=0.1, steps=90), steps=10)".parse()?;
/// assert_eq!(schedule.rate(5), 0.05);
/// assert_eq!(schedule.rate(100), 0.0);
/// assert_eq!(schedule.to_string(), "warmup(cosine(lr=0.1, steps=90), steps=10)");
/// # Ok::<(), thalweg_optim::Error>(())
/// ```
pub struct AnySchedule(Box<dyn Boxed>);

impl AnySchedule {
    /// Any schedule from one of the types of this module.
    pub fn new(schedule: impl Schedule + Named + Clone) -> Self {
        AnySchedule(Box::new(schedule))
    }

    /// A schedule from its name and settings.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) for a name or a setting that does not exist, [`Error::Hyperparameter`](crate::Error::Hyperparameter) for a setting that is
    /// missing or not what it must be.
    pub fn build(call: &Call) -> Result<Self> {
        (registry::entry(&call.name)?.build)(call)
    }

    /// Its name and settings.
    pub fn call(&self) -> Call {
        self.0.call()
    }

    /// What it and its parts have learnt from metrics.
    pub(super) fn save(&self) -> LrSchedulerRecord {
        let own = self.learnt().into_iter().fold(LrSchedulerRecord::new(), |r, (k, v)| r.with_scalar(k, v));
        let parts = self.parts().into_iter().enumerate();
        parts.fold(own, |record, (i, part)| record.with_record(&i.to_string(), part.save()))
    }

    /// Takes back what [`AnySchedule::save`] gave.
    pub(super) fn load(&mut self, record: &LrSchedulerRecord) {
        self.relearn(&|name| record.scalar(name));
        for (i, part) in self.parts_mut().into_iter().enumerate() {
            part.load(&record.record(&i.to_string()));
        }
    }
}

impl Schedule for AnySchedule {
    fn rate(&self, step: u64) -> f64 {
        self.0.rate(step)
    }

    fn momentum(&self, step: u64) -> Option<f64> {
        self.0.momentum(step)
    }

    fn observe(&mut self, step: u64, metric: f64) {
        self.0.observe(step, metric);
    }

    fn parts(&self) -> Vec<&AnySchedule> {
        self.0.as_schedule().parts()
    }

    fn parts_mut(&mut self) -> Vec<&mut AnySchedule> {
        self.0.as_schedule_mut().parts_mut()
    }

    fn learnt(&self) -> Vec<(&'static str, f64)> {
        self.0.learnt()
    }

    fn relearn(&mut self, value: &dyn Fn(&str) -> Option<f64>) {
        self.0.relearn(value);
    }
}

impl<T: Schedule + Named + Clone> From<T> for AnySchedule {
    fn from(schedule: T) -> Self {
        AnySchedule::new(schedule)
    }
}

impl Clone for AnySchedule {
    fn clone(&self) -> Self {
        AnySchedule(self.0.clone_box())
    }
}

impl fmt::Debug for AnySchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

textual! { AnySchedule, "a schedule such as `cosine(lr=0.1, steps=100)`" }
