//! Critical points, found by Newton's method from many starts at once.

use super::inertia::inertia;
use super::surface::Surface;
use super::symmetric::{Eigen, eigenvectors};
use crate::error::{Error, Result};
use crate::random::Numbers;

/// Where and how long critical points are searched for.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    /// How many starts: a grid of jittered points as far as they reach, the rest drawn from the box. Default 400.
    pub starts: usize,
    /// Which jitter. Default 0.
    pub seed: u64,
    /// How many steps from each start. Default 100.
    pub steps: usize,
}

impl Default for Search {
    fn default() -> Self {
        Search { starts: 400, seed: 0, steps: 100 }
    }
}

/// A point where the gradient vanishes.
#[derive(Clone, Debug, PartialEq)]
pub struct Critical {
    /// The coordinates.
    pub x: Vec<f64>,
    /// The value.
    pub value: f64,
    /// The largest element of the gradient, which rounding left.
    pub gradient: f64,
    /// The eigenvalues of the Hessian, in increasing order.
    pub eigenvalues: Vec<f64>,
    /// The Morse index: how many eigenvalues are negative.
    pub index: usize,
    /// How many eigenvalues are zero.
    pub nullity: usize,
}

/// The critical points inside a box that a damped Newton method reaches, in increasing order of their values.
///
/// Steps are `−Σ λᵢ/(λᵢ² + μ) ⟨vᵢ, g⟩ vᵢ` over the eigenpairs of the Hessian, Newton's for `μ = 0`; `μ` falls where the norm
/// of the gradient fell, and grows where it did not. So minima, saddles and maxima are found alike, degenerate ones as
/// well, there with fewer digits. Of a curve or a surface of critical points, the result has some points. All starts
/// move together, as lanes of one program.
///
/// ```
/// use thalweg_landscapes::analysis::{Search, Surface, critical_points};
/// let landscape = thalweg_landscapes::parse("himmelblau")?;
/// let points = critical_points(&Surface::of(&landscape), landscape.bounds(), &Search::default())?;
/// let count = |index| points.iter().filter(|p| p.index == index).count();
/// assert_eq!([count(0), count(1), count(2)], [4, 4, 1]);
/// # Ok::<(), thalweg_landscapes::Error>(())
/// ```
///
/// # Errors
/// [`Error::Point`] if the box has not one interval for each coordinate, and what tracing gives.
pub fn critical_points(surface: &Surface, bounds: &[[f64; 2]], search: &Search) -> Result<Vec<Critical>> {
    if bounds.len() != surface.dimension() {
        return Err(Error::Point(format!(
            "The box has {} intervals, but the surface has {} coordinates; give one interval for each.",
            bounds.len(),
            surface.dimension()
        )));
    }
    let mut lanes = starts(bounds, search).into_iter().map(Lane::new).collect::<Vec<_>>();
    for _ in 0..search.steps {
        let moving: Vec<&mut Lane> = lanes.iter_mut().filter(|lane| lane.moving).collect();
        if moving.is_empty() {
            break;
        }
        let points: Vec<Vec<f64>> = moving.iter().map(|lane| lane.trial.clone()).collect();
        for (lane, (gradient, hessian)) in moving.into_iter().zip(surface.hessians(&points)?) {
            lane.judge(gradient, hessian, bounds);
        }
    }
    gather(surface, bounds, &lanes)
}

/// A jittered grid with as many points per axis as fit, and random points for the rest.
fn starts(bounds: &[[f64; 2]], search: &Search) -> Vec<Vec<f64>> {
    let n = bounds.len() as i32;
    let mut per_axis = 1;
    while ((per_axis + 1) as f64).powi(n) <= search.starts as f64 {
        per_axis += 1;
    }
    let grid = if per_axis > 1 { (per_axis as f64).powi(n) as usize } else { 0 };
    let start = |i: usize| {
        let mut numbers = Numbers::new(search.seed, i as u64);
        let mut rest = i;
        let coordinate = |[low, high]: &[f64; 2]| {
            let u = numbers.uniform(0.0, 1.0);
            let part = if i < grid { ((rest % per_axis) as f64 + u) / per_axis as f64 } else { u };
            rest /= per_axis;
            low + part * (high - low)
        };
        bounds.iter().map(coordinate).collect()
    };
    (0..search.starts).map(start).collect()
}

/// One start on its way.
struct Lane {
    x: Vec<f64>,
    trial: Vec<f64>,
    gradient: Vec<f64>,
    hessian: Vec<f64>,
    eigen: Option<Eigen>,
    damping: f64,
    moving: bool,
}

fn norm(v: &[f64]) -> f64 {
    v.iter().map(|v| v * v).sum::<f64>().sqrt()
}

impl Lane {
    fn new(start: Vec<f64>) -> Self {
        Lane {
            x: start.clone(),
            trial: start,
            gradient: vec![],
            hessian: vec![],
            eigen: None,
            damping: 0.0,
            moving: true,
        }
    }

    /// Takes the trial point if the gradient got smaller, and chooses the next.
    fn judge(&mut self, gradient: Vec<f64>, hessian: Vec<f64>, bounds: &[[f64; 2]]) {
        let finite = gradient.iter().chain(&hessian).all(|v| v.is_finite());
        let first = self.eigen.is_none();
        if first && !finite {
            self.moving = false;
            return;
        }
        let size = |h: &[f64]| h.iter().fold(0f64, |m, v| m.max(v.abs()));
        if first || (finite && norm(&gradient) < norm(&self.gradient)) {
            self.x = self.trial.clone();
            self.eigen = Some(eigenvectors(&hessian, self.x.len()));
            self.damping = if first { 1e-6 * size(&hessian).powi(2) } else { self.damping * 0.1 };
            (self.gradient, self.hessian) = (gradient, hessian);
        } else {
            self.damping = (self.damping * 10.0).max(1e-12 * size(&self.hessian).powi(2));
        }
        let outside = |(x, [low, high]): (&f64, &[f64; 2])| *x < 2.0 * low - high || *x > 2.0 * high - low;
        let step = self.step();
        let small = norm(&step) <= 1e-15 * norm(&self.x).max(1.0);
        self.moving = !small && norm(&self.gradient) > 0.0 && !self.x.iter().zip(bounds).any(outside);
        self.trial = self.x.iter().zip(&step).map(|(x, s)| x + s).collect();
    }

    fn step(&self) -> Vec<f64> {
        let mut step = vec![0.0; self.x.len()];
        for (value, vector) in self.eigen.iter().flat_map(|e| e.values.iter().zip(&e.vectors)) {
            let along: f64 = vector.iter().zip(&self.gradient).map(|(v, g)| v * g).sum();
            let size = value * value + self.damping;
            if size > 0.0 {
                step.iter_mut().zip(vector).for_each(|(s, v)| *s -= value / size * along * v);
            }
        }
        step
    }

    /// Whether the gradient is as small as rounding of the point lets it be, or its cubic decay at a degenerate point.
    fn arrived(&self) -> bool {
        let n = self.x.len();
        let sized = |i: usize| -> f64 {
            (0..n).map(|j| self.hessian[i * n + j].abs() * self.x[j].abs().max(1.0)).sum()
        };
        !self.gradient.is_empty() && (0..n).all(|i| self.gradient[i].abs() <= 1e-9 * sized(i).max(1e-3))
    }
}

fn gather(surface: &Surface, bounds: &[[f64; 2]], lanes: &[Lane]) -> Result<Vec<Critical>> {
    let widths: Vec<f64> = bounds.iter().map(|[low, high]| high - low).collect();
    let inside = |x: &[f64]| {
        x.iter()
            .zip(bounds)
            .zip(&widths)
            .all(|((x, [low, high]), w)| (low - 1e-9 * w..=high + 1e-9 * w).contains(x))
    };
    let mut found: Vec<Critical> = vec![];
    let mut arrived: Vec<&Lane> = lanes.iter().filter(|lane| lane.arrived() && inside(&lane.x)).collect();
    arrived.sort_by(|a, b| norm(&a.gradient).total_cmp(&norm(&b.gradient)));
    for lane in arrived {
        let n = lane.x.len();
        let (index, nullity) = inertia(&lane.hessian, n, 1e-6);
        // A degenerate point is known to fewer digits.
        let apart = if nullity > 0 { 1e-3 } else { 1e-6 };
        let same =
            |p: &&Critical| p.x.iter().zip(&lane.x).zip(&widths).all(|((a, b), w)| (a - b).abs() <= apart * w);
        if found.iter().any(|p| same(&p)) {
            continue;
        }
        let gradient = lane.gradient.iter().fold(0f64, |m, g| m.max(g.abs()));
        let eigenvalues = lane.eigen.as_ref().map_or(vec![], |e| e.values.clone());
        found.push(Critical { x: lane.x.clone(), value: 0.0, gradient, eigenvalues, index, nullity });
    }
    let points: Vec<Vec<f64>> = found.iter().map(|p| p.x.clone()).collect();
    for (point, value) in found.iter_mut().zip(surface.values(&points)?) {
        point.value = value;
    }
    found.sort_by(|a, b| a.value.total_cmp(&b.value));
    Ok(found)
}
