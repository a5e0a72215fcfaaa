/// The expected running time: the evaluations that independent restarts need until the first success, on average. It is
/// all evaluations that were used, divided by the successes; infinite where there is none.
///
/// `runs` are the evaluations until success, or those that were used up without it.
/// N. Hansen, A. Auger, S. Finck and R. Ros, Real-parameter black-box optimization benchmarking 2010: experimental setup
/// (2010).
///
/// ```
/// use thalweg_lab::statistics::expected_running_time;
/// assert_eq!(expected_running_time([(Some(10), 100), (None, 100)]), 110.0);
/// ```
pub fn expected_running_time(runs: impl IntoIterator<Item = (Option<u64>, u64)>) -> f64 {
    let (mut used, mut successes) = (0u64, 0u64);
    for (hit, spent) in runs {
        used += hit.unwrap_or(spent);
        successes += u64::from(hit.is_some());
    }
    if successes == 0 { f64::INFINITY } else { used as f64 / successes as f64 }
}

/// The area under the share of targets that are hit over the logarithm of evaluations, from one to the budget, as a share
/// of the whole: one if all are hit at the first evaluation, zero if none ever is.
///
/// ```
/// use thalweg_lab::statistics::area;
/// assert_eq!(area(&[Some(1), Some(10), None], 100), 0.5);
/// ```
pub fn area(hits: &[Option<u64>], budget: u64) -> f64 {
    let whole = libm::log(budget.max(2) as f64);
    let left = |hit: &u64| 1.0 - libm::log((*hit).max(1) as f64) / whole;
    hits.iter().flatten().map(left).sum::<f64>() / hits.len().max(1) as f64
}
