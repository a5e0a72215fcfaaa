use serde::{Deserialize, Serialize};

/// A curve of shares over a common axis.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Where it is given, in increasing order.
    pub x: Vec<f64>,
    /// The share at each.
    pub y: Vec<f64>,
}

/// The share of numbers that are at most `x`, for each `x` of the axis; missing numbers are above all.
///
/// ```
/// use thalweg_lab::statistics::ecdf;
/// let curve = ecdf(&[Some(1.0), Some(3.0), None, None], &[1.0, 2.0, 3.0]);
/// assert_eq!(curve.y, [0.25, 0.25, 0.5]);
/// ```
pub fn ecdf(numbers: &[Option<f64>], axis: &[f64]) -> Curve {
    let mut sorted: Vec<f64> = numbers.iter().flatten().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let share = |x: &f64| sorted.partition_point(|own| own <= x) as f64 / numbers.len().max(1) as f64;
    Curve { x: axis.to_vec(), y: axis.iter().map(share).collect() }
}

/// The performance profile of each solver: the share of problems that it solves within a factor `τ` of the fastest solver,
/// for each `τ` of the axis. `costs[solver][problem]` is infinite where it is not solved. A problem that nobody solves
/// counts for nobody.
///
/// E. D. Dolan and J. J. Moré, Benchmarking optimization software with performance profiles, Mathematical Programming 91
/// (2002) 201–213.
///
/// ```
/// use thalweg_lab::statistics::performance_profile;
/// let profiles = performance_profile(&[vec![10.0, 30.0], vec![20.0, 10.0]], &[1.0, 2.0, 4.0]);
/// assert_eq!(profiles[0].y, [0.5, 0.5, 1.0]);
/// assert_eq!(profiles[1].y, [0.5, 1.0, 1.0]);
/// ```
pub fn performance_profile(costs: &[Vec<f64>], axis: &[f64]) -> Vec<Curve> {
    let problems = costs.first().map_or(0, Vec::len);
    let best = |p: usize| costs.iter().map(|own| own[p]).fold(f64::INFINITY, f64::min);
    let best: Vec<f64> = (0..problems).map(best).collect();
    let profile = |own: &Vec<f64>| {
        let ratio = |(cost, best): (&f64, &f64)| cost.is_finite().then(|| cost / best);
        ecdf(&own.iter().zip(&best).map(ratio).collect::<Vec<_>>(), axis)
    };
    costs.iter().map(profile).collect()
}

/// The data profile of each solver: the share of problems that it solves within `α (n + 1)` evaluations, for each `α` of
/// the axis, where `n` is the problem's number of coordinates.
///
/// J. J. Moré and S. M. Wild, Benchmarking derivative-free optimization algorithms, SIAM Journal on Optimization 20
/// (2009) 172–191.
pub fn data_profile(costs: &[Vec<f64>], dimensions: &[usize], axis: &[f64]) -> Vec<Curve> {
    let profile = |own: &Vec<f64>| {
        let groups = |(cost, n): (&f64, &usize)| cost.is_finite().then(|| cost / (n + 1) as f64);
        ecdf(&own.iter().zip(dimensions).map(groups).collect::<Vec<_>>(), axis)
    };
    costs.iter().map(profile).collect()
}
