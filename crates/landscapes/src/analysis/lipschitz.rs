use super::spectrum::lanczos;
use super::surface::Surface;
use super::symmetric::eigenvalues;
use crate::error::Result;
use crate::random::Numbers;

/// Up to how many coordinates whole Hessians are formed.
const DENSE: usize = 64;

/// How fast a function and its gradient were seen to change; the true constants are not smaller.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lipschitz {
    /// The largest norm of the gradient.
    pub value: f64,
    /// The largest absolute eigenvalue of the Hessian: what a step size is measured by.
    pub gradient: f64,
}

/// Estimates Lipschitz constants from below, by the gradient and the Hessian at random points of a box.
///
/// # Errors
/// [`Error::Point`](crate::Error::Point) if the box has not one interval for each coordinate, and what tracing gives.
pub fn lipschitz(surface: &Surface, bounds: &[[f64; 2]], samples: usize, seed: u64) -> Result<Lipschitz> {
    let n = surface.dimension();
    let point = |i| {
        let mut numbers = Numbers::new(seed, i);
        bounds.iter().map(|[low, high]| numbers.uniform(*low, *high)).collect::<Vec<f64>>()
    };
    let points: Vec<Vec<f64>> = (0..samples as u64).map(point).collect();
    let norm = |g: &[f64]| g.iter().map(|g| g * g).sum::<f64>().sqrt();
    let largest = |values: &[f64]| values.iter().fold(0f64, |m, v| m.max(v.abs()));
    let mut found = Lipschitz { value: 0.0, gradient: 0.0 };
    if n <= DENSE {
        for (gradient, hessian) in surface.hessians(&points)? {
            found.value = found.value.max(norm(&gradient));
            found.gradient = found.gradient.max(largest(&eigenvalues(&hessian, n)));
        }
        return Ok(found);
    }
    for x in &points {
        found.value = found.value.max(norm(&surface.gradient(x)?.1));
        found.gradient = found.gradient.max(largest(&lanczos(surface, x, 30)?.values));
    }
    Ok(found)
}
