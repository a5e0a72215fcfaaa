use super::{Line, Trial};
use crate::error::Result;
use crate::solvers::linalg::max_abs;

/// A step that satisfies the strong Wolfe conditions, `φ(t) ≤ φ(0) + c₁ t φ′(0)` and `|φ′(t)| ≤ c₂ |φ′(0)|`: a bracket is
/// found by extrapolation and narrowed by cubic interpolation.
///
/// Nocedal and Wright, Numerical Optimization, algorithms 3.5 and 3.6, in the form of PyTorch's `_strong_wolfe`. Departs
/// from it where a trial is not finite: the bracket is then halved, where PyTorch interpolates with NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StrongWolfe {
    /// `c₁`, the part of the predicted decrease that must be had.
    pub c1: f64,
    /// `c₂`, how much of the slope may be left.
    pub c2: f64,
    /// A bracket that moves no parameter by more than this is not narrowed further.
    pub tolerance_change: f64,
    /// The most evaluations after the first.
    pub max_steps: usize,
}

impl Default for StrongWolfe {
    fn default() -> Self {
        StrongWolfe { c1: 1e-4, c2: 0.9, tolerance_change: 1e-9, max_steps: 25 }
    }
}

impl StrongWolfe {
    /// The best trial, and the number of evaluations; it satisfies the conditions if enough evaluations are allowed.
    ///
    /// # Errors
    /// What the oracle gives.
    pub fn search(&self, line: &Line, start: &Trial, first: f64) -> Result<(Trial, usize)> {
        let mut previous = start.clone();
        let mut trial = line.at(first)?;
        let mut steps = 0;
        let mut bracket = None;
        while steps < self.max_steps {
            if self.is_too_high(&trial, start) || (steps > 1 && trial.value >= previous.value) {
                bracket = Some([previous.clone(), trial.clone()]);
                break;
            }
            if self.is_flat(&trial, start) {
                return Ok((trial, steps + 1));
            }
            if trial.slope >= 0.0 {
                bracket = Some([previous.clone(), trial.clone()]);
                break;
            }
            let (least, most) = (trial.t + 0.01 * (trial.t - previous.t), trial.t * 10.0);
            let t = cubic(&previous, &trial, least, most);
            previous = std::mem::replace(&mut trial, line.at(t)?);
            steps += 1;
        }
        let bracket = bracket.unwrap_or_else(|| [start.clone(), trial]);
        self.narrow(line, start, bracket, steps)
    }

    fn is_too_high(&self, trial: &Trial, start: &Trial) -> bool {
        !trial.value.is_finite() || trial.value > start.value + self.c1 * trial.t * start.slope
    }

    fn is_flat(&self, trial: &Trial, start: &Trial) -> bool {
        trial.slope.abs() <= -self.c2 * start.slope
    }

    fn narrow(
        &self,
        line: &Line,
        start: &Trial,
        mut bracket: [Trial; 2],
        mut steps: usize,
    ) -> Result<(Trial, usize)> {
        let size = max_abs(line.direction);
        let lower = |b: &[Trial; 2]| usize::from(!at_most(b[0].value, b[1].value));
        let mut low = lower(&bracket);
        let mut was_close = false;
        while steps < self.max_steps {
            let (least, most) = (bracket[0].t.min(bracket[1].t), bracket[0].t.max(bracket[1].t));
            if (most - least) * size < self.tolerance_change {
                break;
            }
            let mut t = cubic(&bracket[0], &bracket[1], least, most);
            // A trial at the edge of the bracket narrows it little: after two such, or one outside, move inwards.
            let margin = 0.1 * (most - least);
            let is_close = (most - t).min(t - least) < margin;
            let moved = is_close && (was_close || t >= most || t <= least);
            if moved {
                t = if (t - most).abs() < (t - least).abs() { most - margin } else { least + margin };
            }
            was_close = is_close && !moved;
            let trial = line.at(t)?;
            steps += 1;
            let high = 1 - low;
            if self.is_too_high(&trial, start) || trial.value >= bracket[low].value {
                bracket[high] = trial;
                low = lower(&bracket);
            } else if self.is_flat(&trial, start) {
                return Ok((trial, steps + 1));
            } else {
                if trial.slope * (bracket[high].t - bracket[low].t) >= 0.0 {
                    bracket[high] = bracket[low].clone();
                }
                bracket[low] = trial;
            }
        }
        let [first, second] = bracket;
        Ok((if low == 0 { first } else { second }, steps + 1))
    }
}

/// `a ≤ b`, with NaN above everything.
fn at_most(a: f64, b: f64) -> bool {
    a <= b || b.is_nan()
}

/// The minimum of the cubic through two trials, within bounds; their middle where there is none.
fn cubic(a: &Trial, b: &Trial, least: f64, most: f64) -> f64 {
    let d1 = a.slope + b.slope - 3.0 * (a.value - b.value) / (a.t - b.t);
    let square = d1 * d1 - a.slope * b.slope;
    // False for NaN as well.
    if !(square >= 0.0 && square.is_finite()) {
        return (least + most) / 2.0;
    }
    let d2 = square.sqrt();
    let t = if a.t <= b.t {
        b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2.0 * d2))
    } else {
        a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2.0 * d2))
    };
    if t.is_nan() { (least + most) / 2.0 } else { t.max(least).min(most) }
}
