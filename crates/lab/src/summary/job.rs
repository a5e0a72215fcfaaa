//! What one job has come to, and which of its trials is the best.

use crate::run::Finished;
use crate::study::Trial;

/// One optimizer on one problem, with one initializer where the problem takes any.
#[derive(Clone, Debug)]
pub struct JobResult {
    /// The number of the problem in its part.
    pub problem: usize,
    /// The number of the optimizer.
    pub contender: usize,
    /// The number of the initializer.
    pub initializer: Option<usize>,
    /// The trials with their runs on the instances for tuning; without runs where there was nothing to choose from.
    pub trials: Vec<(Trial, Vec<Finished>)>,
    /// The number of the trial that was chosen.
    pub chosen: usize,
    /// Its runs on the instances that are reported, in their order.
    pub runs: Vec<Finished>,
}

/// The best trial: the one that hit the most targets over all its runs; of several, the one that needed the fewest
/// evaluations for them, on a logarithmic scale; of several, the one of the lowest final value; then the smaller rate.
pub fn best_trial(trials: &[(Trial, Vec<Finished>)]) -> usize {
    let score = |(trial, runs): &(Trial, Vec<Finished>)| {
        let count = runs.len().max(1) as f64;
        let share = runs.iter().map(Finished::share).sum::<f64>() / count;
        let hits = runs.iter().flat_map(|run| run.hits.iter().flatten());
        let logs = hits.map(|hit| libm::log((*hit).max(1) as f64)).sum::<f64>() / count;
        let last = |run: &Finished| if run.best.is_nan() { f64::INFINITY } else { run.best };
        let value = runs.iter().map(last).sum::<f64>() / count;
        (-share, logs, value, trial.lr)
    };
    let all: Vec<(f64, f64, f64, f64)> = trials.iter().map(score).collect();
    let order = |a: &usize, b: &usize| {
        let (a, b) = (&all[*a], &all[*b]);
        let each = a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.total_cmp(&b.2));
        each.then(a.3.total_cmp(&b.3))
    };
    (0..trials.len()).min_by(order).unwrap_or(0)
}
