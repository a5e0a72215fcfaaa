//! Eigenvalues of the Hessian.

use super::surface::Surface;
use super::symmetric::{eigenvalues, ql};
use crate::error::{Error, Result};
use crate::random::Numbers;

/// Up to how many coordinates the whole Hessian is formed.
const DENSE: usize = 2000;
/// How many vectors the Lanczos process builds beyond.
const KRYLOV: usize = 120;

/// The eigenvalues of a Hessian, all or those that a Krylov space shows.
#[derive(Clone, Debug)]
pub struct Spectrum {
    /// The eigenvalues in increasing order. Beyond 2,000 coordinates, 120 Ritz values: the outer ones are eigenvalues,
    /// the inner ones show where the others lie.
    pub values: Vec<f64>,
    /// For each, how far the nearest eigenvalue can be; zeros if all are known.
    pub errors: Vec<f64>,
    /// Whether these are all eigenvalues.
    pub complete: bool,
}

/// The eigenvalues of the Hessian at a point: from the whole matrix up to 2,000 coordinates, else by the Lanczos process
/// with full reorthogonalisation, from products of the Hessian with vectors.
///
/// C. Lanczos, An iteration method for the solution of the eigenvalue problem of linear differential and integral
/// operators, Journal of Research of the National Bureau of Standards 45 (1950) 255–282.
///
/// ```
/// use thalweg_landscapes::analysis::{Surface, spectrum};
/// let landscape = thalweg_landscapes::parse("rosenbrock")?;
/// let at_minimum = spectrum(&Surface::of(&landscape), &[1.0, 1.0])?;
/// assert!((at_minimum.condition()? - 2508.0).abs() < 0.1);
/// # Ok::<(), thalweg_landscapes::Error>(())
/// ```
///
/// # Errors
/// [`Error::Point`] for a point of another length, and what tracing gives.
pub fn spectrum(surface: &Surface, x: &[f64]) -> Result<Spectrum> {
    let n = surface.dimension();
    if n > DENSE {
        return lanczos(surface, x, KRYLOV);
    }
    let values = eigenvalues(&surface.hessian(x)?, n);
    Ok(Spectrum { errors: vec![0.0; n], values, complete: true })
}

impl Spectrum {
    /// The condition number: the largest eigenvalue by the smallest, in absolute value.
    ///
    /// # Errors
    /// [`Error::Analysis`] if an eigenvalue is zero, or if the smallest cannot be known since not all eigenvalues are and
    /// they have both signs.
    pub fn condition(&self) -> Result<f64> {
        let sizes = || self.values.iter().map(|v| v.abs());
        let (largest, smallest) = (sizes().fold(0.0, f64::max), sizes().fold(f64::INFINITY, f64::min));
        let both =
            self.values.first().is_some_and(|v| *v < 0.0) && self.values.last().is_some_and(|v| *v > 0.0);
        if !self.complete && both {
            return Err(Error::Analysis(
                "The Hessian has eigenvalues of both signs, and among so many coordinates those near zero are not known; \
                 ask for the condition at a minimum."
                    .into(),
            ));
        }
        if smallest == 0.0 {
            return Err(Error::Analysis(
                "The Hessian has the eigenvalue zero, so its condition number is infinite; look at the \
                 spectrum itself."
                    .into(),
            ));
        }
        Ok(largest / smallest)
    }
}

/// The Ritz values of a Krylov space of `steps` vectors.
pub(super) fn lanczos(surface: &Surface, x: &[f64], steps: usize) -> Result<Spectrum> {
    let n = surface.dimension();
    let steps = steps.min(n);
    let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    let mut basis: Vec<Vec<f64>> = vec![];
    let (mut diagonal, mut beside) = (vec![], vec![]);
    let mut next = Numbers::new(0, 3).normals(n);
    let mut length = dot(&next, &next).sqrt();
    let mut size = 0f64;
    while basis.len() < steps && length > 1e-12 * size {
        basis.push(next.iter().map(|v| v / length).collect());
        let last = &basis[basis.len() - 1];
        next = surface.hvp(x, last)?;
        diagonal.push(dot(&next, last));
        size = size.max(dot(&next, &next).sqrt());
        for _ in 0..2 {
            for q in &basis {
                let along = dot(&next, q);
                next.iter_mut().zip(q).for_each(|(v, q)| *v -= along * q);
            }
        }
        length = dot(&next, &next).sqrt();
        beside.push(length);
    }
    // The error of a Ritz value is the last element of its vector times what is left beyond the space.
    let k = diagonal.len();
    let rest = beside.last().copied().unwrap_or(0.0);
    let mut last = vec![(0..k).map(|i| f64::from(u8::from(i + 1 == k))).collect::<Vec<f64>>()];
    let values = ql(diagonal, beside, &mut last);
    let mut all: Vec<(f64, f64)> = values.into_iter().zip(last[0].iter().map(|s| (rest * s).abs())).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (values, errors) = all.into_iter().unzip();
    Ok(Spectrum { values, errors, complete: k == n })
}
