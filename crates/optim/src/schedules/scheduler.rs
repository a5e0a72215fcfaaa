use burn::optim::LearningRate;
use burn::optim::lr_scheduler::{LrScheduler, LrSchedulerRecord};

use super::{AnySchedule, Schedule};

/// A schedule on its way: Burn's `LrScheduler` for any [`Schedule`] of the registry.
///
/// Each [`step`](LrScheduler::step) gives the rate of the next step, the first that of step zero. Its record holds the
/// step and what the schedule has learnt from metrics, so that continuing from it gives the same rates.
///
/// ```
/// use burn::optim::lr_scheduler::LrScheduler;
/// use thalweg_optim::schedules::{AnySchedule, Scheduler};
///
/// let schedule: AnySchedule = "exponential(lr=0.1, gamma=0.5)".parse()?;
/// let mut scheduler = Scheduler::new(schedule);
/// assert_eq!([scheduler.step(), scheduler.step()], [0.1, 0.05]);
///
/// let mut resumed = Scheduler::new(scheduler.schedule().clone());
/// resumed.load_record(scheduler.to_record());
/// assert_eq!(resumed.step(), 0.025);
/// # Ok::<(), thalweg_optim::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Scheduler {
    schedule: AnySchedule,
    step: u64,
}

impl Scheduler {
    /// A schedule before its first step.
    pub fn new(schedule: impl Into<AnySchedule>) -> Self {
        Scheduler { schedule: schedule.into(), step: 0 }
    }

    /// The schedule.
    pub fn schedule(&self) -> &AnySchedule {
        &self.schedule
    }

    /// The number of steps that were given a rate.
    pub fn steps(&self) -> u64 {
        self.step
    }

    /// The momentum that goes with the rate given last; see [`Schedule::momentum`].
    pub fn momentum(&self) -> Option<f64> {
        self.schedule.momentum(self.step.saturating_sub(1))
    }

    /// Tells the schedule a metric after the step that was given a rate last; see [`Schedule::observe`].
    pub fn observe(&mut self, metric: f64) {
        self.schedule.observe(self.step.saturating_sub(1), metric);
    }
}

impl LrScheduler for Scheduler {
    fn step(&mut self) -> LearningRate {
        self.step += 1;
        self.schedule.rate(self.step - 1)
    }

    fn to_record(&self) -> LrSchedulerRecord {
        LrSchedulerRecord::new().with_scalar("step", self.step).with_record("schedule", self.schedule.save())
    }

    fn load_record(&mut self, record: LrSchedulerRecord) {
        if let Some(step) = record.scalar("step") {
            self.step = step;
        }
        self.schedule.load(&record.record("schedule"));
    }
}

impl From<AnySchedule> for Scheduler {
    fn from(schedule: AnySchedule) -> Self {
        Scheduler::new(schedule)
    }
}
