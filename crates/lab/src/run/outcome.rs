use std::fmt;

use serde::{Deserialize, Serialize};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It hit the last target.
    Converged,
    /// It is at a minimum, but not at a lowest one.
    WrongBasin,
    /// It is near a critical point whose Hessian has so many negative eigenvalues.
    Saddle {
        /// The Morse index.
        index: u32,
    },
    /// The gradient is small, but the point is near no critical point that the Hessian tells.
    Plateau,
    /// A value is not finite, or has grown beyond all bounds.
    Diverged,
    /// The budget was used up while the value was still falling.
    OutOfBudget,
}

impl Outcome {
    /// A word or two for tables.
    pub fn label(&self) -> String {
        match self {
            Outcome::Converged => "converged".into(),
            Outcome::WrongBasin => "wrong basin".into(),
            Outcome::Saddle { index } => format!("saddle of index {index}"),
            Outcome::Plateau => "plateau".into(),
            Outcome::Diverged => "diverged".into(),
            Outcome::OutOfBudget => "out of budget".into(),
        }
    }

    /// All kinds, a saddle of any index being one, in the order of tables.
    pub const KINDS: [&'static str; 6] =
        ["converged", "wrong basin", "saddle", "plateau", "diverged", "out of budget"];

    /// The place in [`Outcome::KINDS`].
    pub fn kind(&self) -> usize {
        match self {
            Outcome::Converged => 0,
            Outcome::WrongBasin => 1,
            Outcome::Saddle { .. } => 2,
            Outcome::Plateau => 3,
            Outcome::Diverged => 4,
            Outcome::OutOfBudget => 5,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.label())
    }
}
