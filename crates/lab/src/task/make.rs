use super::baselines::baseline;
use super::{deep_linear, deep_tanh, digits, fashion, spirals, teacher_student};
use crate::error::Result;
use crate::problem::Problem;

/// A task that is shipped.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub about: &'static str,
    /// The optimizer of the baseline that sets its target.
    pub baseline: &'static str,
    /// The learning rate of the baseline.
    pub lr: f64,
    /// The steps of the baseline.
    pub steps: u64,
    /// Makes it, with the losses where a model starts and which it should get down to.
    pub make: fn([f64; 2]) -> Result<Box<dyn Problem>>,
}

/// All tasks that are shipped.
pub static ENTRIES: &[Entry] = &[
    digits::ENTRY,
    fashion::ENTRY,
    spirals::ENTRY,
    teacher_student::ENTRY,
    deep_linear::ENTRY,
    deep_tanh::ENTRY,
];

/// The names of all shipped tasks.
pub fn tasks() -> impl Iterator<Item = &'static str> {
    ENTRIES.iter().map(|entry| entry.name)
}

impl Entry {
    /// The task, with the losses of its baseline.
    ///
    /// # Errors
    /// If its data cannot be made.
    pub fn task(&self) -> Result<Box<dyn Problem>> {
        (self.make)(baseline(self.name)?.losses())
    }
}
