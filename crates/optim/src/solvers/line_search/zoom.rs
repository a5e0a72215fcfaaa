use super::{Line, Trial};
use crate::error::Result;

/// A step with sufficient decrease and small curvature, as optax's `scale_by_zoom_linesearch` finds it: the step is
/// doubled until an interval holds such a step, then the interval is narrowed by cubic, quadratic or plain bisection.
///
/// With slope `c₁` and curvature `c₂`, the errors that must vanish are `φ(t) − φ(0) − c₁ t φ′(0)`, or, near a minimum,
/// where rounding hides the decrease, the approximate one of Hager and Zhang (CG_DESCENT, 2006),
/// `max(φ′(t) − (2c₁ − 1) φ′(0), φ(t) − φ(0) − ε |φ(0)|)`; and `|φ′(t)| − c₂ |φ′(0)|`. Nocedal and Wright, Numerical
/// Optimization, algorithms 3.5 and 3.6.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zoom {
    /// The most evaluations.
    pub max_steps: usize,
    /// `c₁`.
    pub slope: f64,
    /// `c₂`.
    pub curvature: f64,
    /// `ε` of the approximate decrease.
    pub approximate: f64,
    /// What each step is of the one before while an interval is looked for.
    pub increase: f64,
    /// An interval shorter than this is not narrowed further once a step with sufficient decrease is known.
    pub interval: f64,
}

impl Default for Zoom {
    fn default() -> Self {
        Zoom { max_steps: 20, slope: 1e-4, curvature: 0.9, approximate: 1e-6, increase: 2.0, interval: 1e-5 }
    }
}

/// An interval that holds a good step: `low` has sufficient decrease, `reference` is a third point for interpolation.
struct Interval {
    low: Trial,
    high: Trial,
    reference: (f64, f64),
}

impl Zoom {
    /// The step found, of length zero where no step decreases the function and some are not finite, and the number of
    /// evaluations.
    ///
    /// # Errors
    /// What the oracle gives.
    pub fn search(&self, line: &Line, start: &Trial, first: f64) -> Result<(Trial, usize)> {
        let mut safe = start.clone();
        let mut previous = start.clone();
        let mut interval: Option<Interval> = None;
        let mut last = (start.clone(), f64::INFINITY);
        let mut asked = 0;
        for step in 0..self.max_steps {
            let t = match &interval {
                Some(interval) => interval.middle(),
                None if step == 0 => first,
                None => self.increase * previous.t,
            };
            let trial = line.at(t)?;
            let (decrease, curvature) =
                (self.decrease_error(&trial, start), self.curvature_error(&trial, start));
            let mut is_short = false;
            match &mut interval {
                None => {
                    if decrease <= 0.0 {
                        safe = trial.clone();
                    }
                    let rises = decrease > 0.0 || (trial.value >= previous.value && step > 0);
                    if rises || trial.slope >= 0.0 {
                        let (low, high) = (previous.clone(), trial.clone());
                        let (low, high) = if rises { (low, high) } else { (high, low) };
                        interval = Some(Interval { reference: (low.t, low.value), low, high });
                    }
                    previous = trial.clone();
                }
                Some(interval) => {
                    is_short = (interval.high.t - interval.low.t).abs() <= self.interval;
                    if decrease <= 0.0 && trial.value < safe.value {
                        safe = trial.clone();
                    }
                    interval.take(&trial, decrease);
                }
            }
            if decrease.max(curvature) <= 0.0 {
                return Ok((trial, step + 1));
            }
            last = (trial, decrease);
            asked = step + 1;
            if is_short && safe.t > 0.0 {
                break;
            }
        }
        // Out of steps: the best one with sufficient decrease, and none at all rather than one that is not finite.
        let found = if safe.t > 0.0 || last.1.is_infinite() { safe } else { last.0 };
        Ok((found, asked))
    }

    fn decrease_error(&self, trial: &Trial, start: &Trial) -> f64 {
        let exact = trial.value - start.value - self.slope * trial.t * start.slope;
        let slope = trial.slope - (2.0 * self.slope - 1.0) * start.slope;
        let value = trial.value - start.value - self.approximate * start.value.abs();
        violation(minimum(maximum(slope, value), exact))
    }

    fn curvature_error(&self, trial: &Trial, start: &Trial) -> f64 {
        violation(trial.slope.abs() - self.curvature * start.slope.abs())
    }
}

impl Interval {
    fn middle(&self) -> f64 {
        let (low, high) = (&self.low, &self.high);
        let (left, right, length) = (low.t.min(high.t), low.t.max(high.t), (high.t - low.t).abs());
        let inside = |t: &f64, margin: f64| *t > left + margin * length && *t < right - margin * length;
        let cubic = Some(cubic(low, high, self.reference)).filter(|t| inside(t, 0.2));
        let quadratic = || Some(quadratic(low, high)).filter(|t| inside(t, 0.1));
        cubic.or_else(quadratic).unwrap_or((low.t + high.t) / 2.0)
    }

    /// Puts a trial from within in place of one of the ends.
    fn take(&mut self, trial: &Trial, decrease: f64) {
        let (low, high) = (self.low.clone(), self.high.clone());
        let rises = decrease > 0.0 || trial.value >= low.value;
        let turns = !rises && trial.slope * (high.t - low.t) >= 0.0;
        self.reference = if rises || turns { (high.t, high.value) } else { (low.t, low.value) };
        if rises {
            self.high = trial.clone();
        } else {
            self.high = if turns { low } else { high };
            self.low = trial.clone();
        }
    }
}

/// How far an error is above zero; infinite for NaN.
fn violation(error: f64) -> f64 {
    if error.is_nan() { f64::INFINITY } else { error.max(0.0) }
}

/// The larger; NaN if one is, unlike `f64::max`.
fn maximum(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
}

/// The smaller; NaN if one is, unlike `f64::min`.
fn minimum(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.min(b) }
}

/// The minimum of the cubic through two trials and a third point with the slope of the first; NaN if there is none.
fn cubic(a: &Trial, b: &Trial, (c, value): (f64, f64)) -> f64 {
    let (db, dc) = (b.t - a.t, c - a.t);
    let denominator = (db * dc).powi(2) * (db - dc);
    let (rb, rc) = (b.value - a.value - a.slope * db, value - a.value - a.slope * dc);
    let third = (dc.powi(2) * rb - db.powi(2) * rc) / denominator;
    let second = (db.powi(3) * rc - dc.powi(3) * rb) / denominator;
    let root = (second * second - 3.0 * third * a.slope).sqrt();
    // Of the two forms of the solution the one that does not cancel: on a parabola `third` is rounding.
    if second > 0.0 { a.t - a.slope / (second + root) } else { a.t + (root - second) / (3.0 * third) }
}

/// The minimum of the parabola through two trials with the slope of the first.
fn quadratic(a: &Trial, b: &Trial) -> f64 {
    let d = b.t - a.t;
    let second = (b.value - a.value - a.slope * d) / (d * d);
    a.t - a.slope / (2.0 * second)
}
