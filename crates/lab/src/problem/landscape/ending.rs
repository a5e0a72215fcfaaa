//! How a run that has not hit its last target has ended.

use thalweg_landscapes::analysis::{Surface, eigenvectors};

use super::OnLandscape;
use super::watch::Watch;
use crate::error::Result;
use crate::problem::Problem;
use crate::run::{Finished, Outcome, Run};

/// A run is stuck if it fell by less than this share of its distance to the lowest value in the second half of its budget.
const STUCK: f64 = 0.01;

/// A point is near a critical point if Newton's step there is at most this share of the box's diagonal.
const NEAR: f64 = 0.02;

/// Curvatures below this share of the largest one are taken for none.
const FLAT: f64 = 1e-8;

/// A run whose value ends this many times farther from the lowest value than it began has diverged.
const BEYOND: f64 = 1e3;

/// Runs at their ends.
pub fn finish(on: &OnLandscape, runs: Vec<Run>, watches: Vec<Watch>, seconds: f64) -> Result<Vec<Finished>> {
    let gap = |value: f64| value - on.lowest();
    let is_stuck = |w: &Watch| {
        let (half, last) = (gap(w.half), gap(w.last.value));
        let has_fallen = half - last > STUCK * last;
        !w.is_converged() && !w.is_diverged && !has_fallen
    };
    let beyond = |w: &Watch| w.is_diverged || gap(w.last.value) > BEYOND * (gap(w.first).abs() + 1.0);
    let mut outcomes: Vec<Option<Outcome>> = watches
        .iter()
        .map(|w| match (w.is_converged(), beyond(w), is_stuck(w)) {
            (true, _, _) => Some(Outcome::Converged),
            (_, true, _) => Some(Outcome::Diverged),
            (_, _, false) => Some(Outcome::OutOfBudget),
            _ => None,
        })
        .collect();
    let open: Vec<usize> = (0..watches.len()).filter(|k| outcomes[*k].is_none()).collect();
    let points: Vec<Vec<f64>> = open.iter().map(|k| watches[*k].last.point.clone()).collect();
    if !open.is_empty() {
        let surface = Surface::of(on.landscape());
        for (k, (gradient, hessian)) in open.iter().zip(surface.hessians(&points)?) {
            outcomes[*k] = Some(stuck(on, &gradient, &hessian, gap(watches[*k].last.value)));
        }
    }
    let each = seconds / watches.len().max(1) as f64;
    let ended = runs.into_iter().zip(watches).zip(outcomes).map(|((run, watch), outcome)| {
        let distance = distance(on, &watch.last.point);
        watch.finish(run, outcome.unwrap_or(Outcome::OutOfBudget), distance, each)
    });
    Ok(ended.collect())
}

/// Where a run is stuck, from the quadratic model of the landscape there.
fn stuck(on: &OnLandscape, gradient: &[f64], hessian: &[f64], gap: f64) -> Outcome {
    if hessian.iter().chain(gradient).any(|x| !x.is_finite()) {
        return Outcome::Plateau;
    }
    let eigen = eigenvectors(hessian, gradient.len());
    let largest = eigen.values.iter().fold(0f64, |m, v| m.max(v.abs()));
    let (mut step, mut fall, mut index) = (0.0, 0.0, 0);
    for (value, vector) in eigen.values.iter().zip(&eigen.vectors) {
        let along: f64 = vector.iter().zip(gradient).map(|(v, g)| v * g).sum();
        if value.abs() > FLAT * largest && largest > 0.0 {
            step += (along / value).powi(2);
            fall += along * along / value.abs() / 2.0;
        } else if along != 0.0 {
            step = f64::INFINITY;
        }
        index += u32::from(*value < -FLAT * largest);
    }
    let diagonal: f64 = on.landscape().bounds().iter().map(|[low, high]| (high - low).powi(2)).sum();
    let is_near = step <= NEAR * NEAR * diagonal;
    match (is_near, index) {
        (false, _) => Outcome::Plateau,
        (true, 0) if fall < STUCK * gap => Outcome::WrongBasin,
        // In the basin of the lowest value, or of one as good, and not yet at its bottom.
        (true, 0) => Outcome::OutOfBudget,
        (true, index) => Outcome::Saddle { index },
    }
}

/// The distance from a point to the nearest known minimum of the lowest value; NaN where there is none.
pub fn distance(on: &OnLandscape, point: &[f64]) -> f64 {
    let lowest = on.lowest();
    let is_lowest = |value: f64| (value - lowest).abs() <= 1e-9 * lowest.abs().max(1.0);
    let minima = on.landscape().minima().filter(|m| is_lowest(m.value) && m.x.len() == point.len());
    let to = |x: &[f64]| x.iter().zip(point).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
    minima.map(|m| to(&m.x)).reduce(f64::min).unwrap_or(f64::NAN)
}
