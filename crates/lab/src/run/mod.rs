//! A run: what determines it, what is recorded of it, and how it ended.

mod name;
mod outcome;
mod record;

pub use name::RunName;
pub use outcome::Outcome;
pub use record::{Finished, Record};

use serde::{Deserialize, Serialize};

/// The element type that a run computes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// Single precision.
    F32,
    /// Double precision, the default: the last targets of many landscapes cannot be told apart in single precision.
    #[default]
    F64,
}

/// All that determines the numbers of one run, beside the program's version and the instruction set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The problem, as text that reads back: `rosenbrock(n=2)`, or the name of a task. A problem that was brought along stands
    /// in a namespace of its own, with its [fingerprint](crate::problem::Problem::fingerprint).
    pub problem: String,
    /// Which instance of the problem, from one: another start, and where the problem has them another rotation and shift.
    pub instance: u64,
    /// From where the starts of the problem are drawn.
    pub start: String,
    /// The optimizer with its settings, as text that reads back, its learning rate included.
    pub optimizer: String,
    /// The learning rate.
    pub lr: f64,
    /// The initializer as text, for problems that have parameters to initialize.
    pub initializer: Option<String>,
    /// The seed of everything that is random.
    pub seed: u64,
    /// How many evaluations (for tasks: steps) the run may use.
    pub budget: u64,
    /// The element type.
    pub precision: Precision,
}
