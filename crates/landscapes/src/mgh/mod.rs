//! The test problems of Moré, Garbow and Hillstrom: sums of squares, each with its standard start.

use crate::entry::Entry;
use crate::error::{Error, Result};
use crate::facts::{Facts, Lowest};
use crate::parameter::Parameters;

/// Declares the files of this folder and lists what they declare.
macro_rules! problems {
    ($($name:ident)*) => {
        $(pub(crate) mod $name;)*

        /// Every problem, by its number.
        pub(crate) const ALL: &[&Entry] = &[$(&$name::ENTRY),*];
    };
}

problems! {
    rosenbrock freudenstein_roth powell_badly_scaled brown_badly_scaled beale jennrich_sampson helical_valley
    bard gaussian meyer gulf box_3d powell_singular wood kowalik_osborne brown_dennis osborne_1 biggs_exp6
    osborne_2 watson extended_rosenbrock extended_powell_singular penalty_1 penalty_2 variably_dimensioned
    trigonometric brown_almost_linear discrete_boundary_value discrete_integral_equation broyden_tridiagonal
    broyden_banded linear_full_rank linear_rank_1 linear_rank_1_zeros chebyquad
}

/// `1, 2, …, n`.
pub(crate) fn numbers(n: usize) -> Vec<f64> {
    (1..=n).map(|i| i as f64).collect()
}

/// The source has no boxes: each coordinate may differ from the start's by its size, by one at least. No value is below
/// zero.
pub(crate) fn around(start: impl Into<Vec<f64>>) -> Facts {
    let start = start.into();
    let interval = |x: &f64| [x - x.abs().max(1.0), x + x.abs().max(1.0)];
    Facts::in_box(start.iter().map(interval).collect()).start(start).lowest(Lowest::Bound(0.0))
}

/// With the lowest minimum, where it is known for these numbers of coordinates and residuals.
pub(crate) fn least(facts: Facts, known: bool, x: impl Into<Vec<f64>>, value: f64) -> Facts {
    if known { facts.global(x, value) } else { facts }
}

/// The start of the two discretised equations, `t (t − 1)` at the nodes.
pub(crate) fn parabola(n: usize) -> Vec<f64> {
    let t = |i: f64| i / (n as f64 + 1.0);
    numbers(n).into_iter().map(|i| t(i) * (t(i) - 1.0)).collect()
}

/// With the point of the minimal hyperplane `⟨normal, x⟩ = offset` that is nearest to the origin.
pub(crate) fn rank_one(facts: Facts, value: f64, offset: f64, normal: &[f64]) -> Facts {
    let length: f64 = normal.iter().map(|v| v * v).sum();
    let x: Vec<f64> = normal.iter().map(|v| offset * v / length).collect();
    let nullity = x.len() - 1;
    facts.flat_minimum(x, value, nullity).lowest(Lowest::Everywhere(value))
}

/// The linear problems have no fewer residuals than coordinates.
pub(crate) fn at_least_as_many(n: usize, parameters: &Parameters) -> Result<()> {
    let m = parameters.whole("m");
    if m >= n {
        return Ok(());
    }
    Err(Error::Parameter(format!(
        "A linear problem of {n} coordinates needs at least as many residuals, not {m}; write `m={n}`."
    )))
}
