//! What runs are made on: landscapes, and tasks, which train a model.

mod landscape;

use std::sync::atomic::AtomicBool;

pub use landscape::{OnLandscape, Path, path, precision_of, start_point};

use thalweg_landscapes::Landscape;

use crate::error::Result;
use crate::method::Method;
use crate::run::{Finished, Run};
use crate::study::{Part, Start};

/// Something to minimize, of which there are instances.
pub trait Problem: Send + Sync {
    /// The text that reads back, or the name.
    fn name(&self) -> String;

    /// What tells it from another problem of the same name that is brought along, as text: a hash of everything that
    /// determines what runs on it give. Runs are kept under it, so that a problem that was changed is run again.
    ///
    /// # Errors
    /// What computing it fails with.
    fn fingerprint(&self) -> Result<String>;

    /// What it is listed under: a family of landscapes, or `task`.
    fn group(&self) -> &str;

    /// The landscape that it is, if it is one.
    fn landscape(&self) -> Option<&Landscape> {
        None
    }

    /// The values that a run should get down to, from the easiest to the hardest.
    fn targets(&self) -> &[f64];

    /// What values are measured from.
    fn lowest(&self) -> f64;

    /// Whether it is least squares and declares its residuals, which some solvers need.
    fn has_residuals(&self) -> bool {
        false
    }

    /// Whether a study can use it as it says.
    ///
    /// # Errors
    /// With what is wrong.
    fn check(&self, part: &Part) -> Result<()>;

    /// From where the runs of an instance start, as it is written into [`Run::start`].
    fn start(&self, start: Start, seed: u64) -> String;

    /// Whether parameters are initialized by a scheme of the study.
    fn takes_initializer(&self) -> bool {
        false
    }

    /// Makes the runs of a batch, in their order. They differ in learning rate, instance and seed only.
    ///
    /// # Errors
    /// [`Error::Stopped`](crate::Error::Stopped) if `stop` was raised; else what computing fails with. A run that
    /// diverges is no error.
    fn run(&self, batch: &Batch) -> Result<Vec<Finished>>;
}

/// Runs that are computed together.
pub struct Batch<'a> {
    /// The optimizer; the learning rates of the runs stand for its own.
    pub method: &'a Method,
    /// The runs.
    pub runs: &'a [Run],
    /// The study's way of choosing starts.
    pub start: Start,
    /// Whether moments are recorded.
    pub records: bool,
    /// Seconds that a run may take; runs that are computed together have as many times that.
    pub seconds: Option<f64>,
    /// Raised when the user wants to stop.
    pub stop: &'a AtomicBool,
}

/// A problem of a study: one that was brought along, or one that its text names.
pub enum Held<'a> {
    /// Brought along.
    Own(&'a dyn Problem),
    /// Made from its text.
    Made(Box<dyn Problem>),
}

impl<'a> std::ops::Deref for Held<'a> {
    type Target = dyn Problem + 'a;

    fn deref(&self) -> &Self::Target {
        match self {
            Held::Own(problem) => *problem,
            Held::Made(problem) => problem.as_ref(),
        }
    }
}

/// The problem of this text: a task by name, or a landscape.
///
/// ```
/// use thalweg_lab::problem::problem;
/// assert_eq!(problem("rosenbrock(n=4)")?.group(), "ravine");
/// assert_eq!(problem("digits")?.group(), "task");
/// # Ok::<(), thalweg_lab::Error>(())
/// ```
///
/// # Errors
/// For a text that names neither, with the nearest known one.
pub fn problem(text: &str) -> Result<Box<dyn Problem>> {
    match crate::task::ENTRIES.iter().find(|entry| entry.name == text) {
        Some(entry) => entry.task(),
        None => Ok(Box::new(OnLandscape::new(thalweg_landscapes::parse(text)?)?)),
    }
}
