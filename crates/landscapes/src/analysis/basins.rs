//! Which minimum the gradient flow ends in, from every place of a slice.

use super::inertia::inertia;
use super::slice::Slice;
use super::surface::Surface;
use super::symmetric::eigenvectors;
use crate::error::Result;

/// How far a step goes at most, in diagonals of the slice.
const STEP: f64 = 0.01;
const STEPS: usize = 500;
/// How close ends belong to one minimum, in diagonals of the slice.
const APART: f64 = 1e-3;

/// The basins of attraction on a grid of places of a [`Slice`].
#[derive(Clone, Debug)]
pub struct BasinMap {
    /// How many places along `s`.
    pub columns: usize,
    /// How many places along `t`.
    pub rows: usize,
    /// The places `(s, t)`, row by row.
    pub places: Vec<[f64; 2]>,
    /// For each place, the number of the minimum among [`BasinMap::minima`] that the flow ends in; none where it leaves for
    /// infinity, or does not end within 500 steps.
    pub labels: Vec<Option<usize>>,
    /// The minima that the flow ends in, in increasing order of their values.
    pub minima: Vec<Vec<f64>>,
    /// The values there.
    pub values: Vec<f64>,
}

/// Follows the gradient flow `ẋ = −∇f(x)` in the whole space, from `columns × rows` places of a slice, to its minima.
///
/// Steps are those of the linearly implicit Euler method, `(I + hH) p = −h∇f`, with the largest `h` for which `p` is no
/// longer than a hundredth of the slice's diagonal and no direction of negative curvature is overstepped. So stiff
/// valleys cost no more than round bowls, and near a minimum the steps become Newton's.
///
/// # Errors
/// [`Error::Point`](crate::Error::Point) if the slice is of another space, and what tracing gives.
pub fn basin_map(surface: &Surface, slice: &Slice, columns: usize, rows: usize) -> Result<BasinMap> {
    let places = slice.places(columns, rows);
    let mut ends: Vec<Vec<f64>> = places.iter().map(|[s, t]| slice.point(*s, *t)).collect();
    let diagonal = diagonal(slice);
    let mut settled = vec![false; ends.len()];
    for _ in 0..STEPS {
        let moving: Vec<usize> = (0..ends.len()).filter(|i| !settled[*i]).collect();
        if moving.is_empty() {
            break;
        }
        let points: Vec<Vec<f64>> = moving.iter().map(|i| ends[*i].clone()).collect();
        for (i, (gradient, hessian)) in moving.into_iter().zip(surface.hessians(&points)?) {
            let step = step(&gradient, &hessian, STEP * diagonal);
            let length = step.iter().map(|s| s * s).sum::<f64>().sqrt();
            settled[i] = length <= 1e-9 * diagonal || !length.is_finite();
            if length.is_finite() {
                ends[i].iter_mut().zip(&step).for_each(|(x, s)| *x += s);
            }
        }
    }
    label(surface, columns, rows, places, (ends, settled), APART * diagonal)
}

fn diagonal(slice: &Slice) -> f64 {
    let length = |v: &[f64], [low, high]: [f64; 2]| v.iter().map(|v| v * v).sum::<f64>() * (high - low).powi(2);
    (length(&slice.u, slice.ranges[0]) + length(&slice.v, slice.ranges[1])).sqrt()
}

fn step(gradient: &[f64], hessian: &[f64], longest: f64) -> Vec<f64> {
    let n = gradient.len();
    let eigen = eigenvectors(hessian, n);
    let along: Vec<f64> =
        eigen.vectors.iter().map(|v| v.iter().zip(gradient).map(|(v, g)| v * g).sum()).collect();
    let lengths = |h: f64| eigen.values.iter().zip(&along).map(move |(value, g)| -h * g / (1.0 + h * value));
    let fits = |h: f64| {
        let least = eigen.values.first().copied().unwrap_or(0.0);
        1.0 + h * least >= 0.5 && lengths(h).map(|s| s * s).sum::<f64>() <= longest * longest
    };
    // The length grows with h.
    let (mut low, mut high) = (-60f64, 60f64);
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if fits(middle.exp()) { low = middle } else { high = middle }
    }
    let mut step = vec![0.0; n];
    for (vector, length) in eigen.vectors.iter().zip(lengths(low.exp())) {
        step.iter_mut().zip(vector).for_each(|(s, v)| *s += length * v);
    }
    step
}

fn label(
    surface: &Surface,
    columns: usize,
    rows: usize,
    places: Vec<[f64; 2]>,
    (ends, settled): (Vec<Vec<f64>>, Vec<bool>),
    apart: f64,
) -> Result<BasinMap> {
    let mut minima: Vec<Vec<f64>> = vec![];
    let near =
        |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt() <= apart;
    let mut labels: Vec<Option<usize>> = vec![];
    for (end, settled) in ends.iter().zip(settled) {
        labels.push(settled.then(|| {
            minima.iter().position(|m| near(m, end)).unwrap_or_else(|| {
                minima.push(end.clone());
                minima.len() - 1
            })
        }));
    }
    // A flow that starts on the stable manifold of a saddle ends there.
    let is_minimum = |(_, h): (Vec<f64>, Vec<f64>)| inertia(&h, surface.dimension(), 1e-6).0 == 0;
    let keep: Vec<bool> = surface.hessians(&minima)?.into_iter().map(is_minimum).collect();
    let number = |k: usize| keep[..k].iter().filter(|keep| **keep).count();
    labels.iter_mut().for_each(|label| *label = label.filter(|k| keep[*k]).map(number));
    let mut kept = keep.iter();
    minima.retain(|_| kept.next() == Some(&true));
    let values = surface.values(&minima)?;
    let mut order: Vec<usize> = (0..minima.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let rank: Vec<usize> = (0..order.len()).map(|k| order.iter().position(|o| *o == k).unwrap_or(k)).collect();
    Ok(BasinMap {
        columns,
        rows,
        places,
        labels: labels.into_iter().map(|label| label.map(|k| rank[k])).collect(),
        values: order.iter().map(|k| values[*k]).collect(),
        minima: order.iter().map(|k| minima[*k].clone()).collect(),
    })
}
