//! Searches along a direction for a step that makes progress.

mod armijo;
mod strong_wolfe;
mod zoom;

pub use armijo::Armijo;
pub use strong_wolfe::StrongWolfe;
pub use zoom::Zoom;

use serde::{Deserialize, Serialize};

use super::linalg::{dot, plus};
use super::oracle::Oracle;
use crate::error::Result;
use crate::setting::Word;

/// A function along a direction: `φ(t) = f(x + t·d)`.
pub struct Line<'a> {
    /// The function.
    pub oracle: &'a dyn Oracle,
    /// Where the line starts.
    pub x: &'a [f64],
    /// Its direction.
    pub direction: &'a [f64],
}

/// A point of a [`Line`] where the function was evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// The length of the step, `t`.
    pub t: f64,
    /// `φ(t)`.
    pub value: f64,
    /// The gradient of `f` there.
    pub gradient: Vec<f64>,
    /// `φ′(t)`.
    pub slope: f64,
}

impl Line<'_> {
    /// The point at length `t`.
    pub fn point(&self, t: f64) -> Vec<f64> {
        plus(self.x, t, self.direction)
    }

    /// Evaluates at length `t`.
    ///
    /// # Errors
    /// What the oracle gives.
    pub fn at(&self, t: f64) -> Result<Trial> {
        let (value, gradient) = self.oracle.gradient(&self.point(t))?;
        Ok(self.trial(t, value, gradient))
    }

    /// The point at length `t` where value and gradient are known.
    pub fn trial(&self, t: f64, value: f64, gradient: Vec<f64>) -> Trial {
        Trial { t, value, slope: dot(&gradient, self.direction), gradient }
    }
}

/// The searches that a solver can be told to use, each with its own defaults.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineSearch {
    /// [`Armijo`].
    Armijo,
    /// [`StrongWolfe`], PyTorch's.
    StrongWolfe,
    /// [`Zoom`], optax's.
    Zoom,
}

impl Word for LineSearch {
    const ALL: &'static [(Self, &'static str)] = &[
        (LineSearch::Armijo, "armijo"),
        (LineSearch::StrongWolfe, "strong_wolfe"),
        (LineSearch::Zoom, "zoom"),
    ];
}

/// Bounds on a search beyond its own defaults.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most evaluations after the first; a search's own default if there is none.
    pub max_steps: Option<usize>,
    /// [`StrongWolfe::tolerance_change`].
    pub tolerance_change: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { max_steps: None, tolerance_change: StrongWolfe::default().tolerance_change }
    }
}

impl LineSearch {
    /// The trial found, of length zero where no step is good, and the number of evaluations.
    ///
    /// # Errors
    /// What the oracle gives.
    pub fn search(self, line: &Line, start: &Trial, first: f64, limits: Limits) -> Result<(Trial, usize)> {
        match self {
            LineSearch::Armijo => {
                let armijo = Armijo::default();
                let max_steps = limits.max_steps.unwrap_or(armijo.max_steps);
                match (Armijo { max_steps, ..armijo }).search(line, start, first)? {
                    Some((t, tried)) => Ok((line.at(t)?, tried + 1)),
                    None => Ok((start.clone(), max_steps)),
                }
            }
            LineSearch::StrongWolfe => {
                let wolfe = StrongWolfe { tolerance_change: limits.tolerance_change, ..Default::default() };
                let max_steps = limits.max_steps.unwrap_or(wolfe.max_steps);
                StrongWolfe { max_steps, ..wolfe }.search(line, start, first)
            }
            LineSearch::Zoom => {
                let zoom = Zoom::default();
                let max_steps = limits.max_steps.unwrap_or(zoom.max_steps);
                Zoom { max_steps, ..zoom }.search(line, start, first)
            }
        }
    }
}
