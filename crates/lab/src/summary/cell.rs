//! One entrant on one problem.

use serde::{Deserialize, Serialize};

use super::PartSummary;
use super::job::JobResult;
use crate::problem::Problem;
use crate::run::{Finished, Outcome};
use crate::statistics::{
    Curve, Estimate, area, bootstrap, bootstrap_ecdf, data_profile, expected_running_time, performance_profile,
    quantile,
};
use crate::study::{Part, Trial};

/// How often data are resampled.
pub(super) const RESAMPLES: usize = 1000;

/// A learning rate works if it hits this share of the targets that the best one hits.
const WORKS: f64 = 0.9;

/// What one entrant has come to on one problem.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CellResult {
    /// The trials, in their order.
    pub trials: Vec<TrialResult>,
    /// The number of the chosen one.
    pub chosen: usize,
    /// How many factors of ten of learning rates work: hit, on the instances for tuning, at least 0.9 of the targets that
    /// the best one hits. Each rate of the grid stands for its distance to the next. Nothing without a grid.
    pub width: Option<f64>,
    /// The reported runs, in the order of instances, without moments.
    pub runs: Vec<RunResult>,
    /// The expected running time to the last target, with its interval.
    pub running_time: Option<Estimate>,
    /// The expected running time to each target; infinite where it is never hit.
    pub running_times: Vec<Option<f64>>,
    /// How often each kind of end occurred, in the order of [`Outcome::KINDS`].
    pub outcomes: [u64; 6],
    /// The lowest recorded distance to the lowest value over evaluations, across instances.
    pub band: Band,
}

/// What one trial has come to on the instances for tuning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialResult {
    /// The settings.
    pub trial: Trial,
    /// The share of targets that are hit; nothing where it was not tried.
    pub share: Option<f64>,
    /// The share of runs that diverged.
    pub diverged: f64,
}

/// A reported run without its moments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunResult {
    /// The name of the run in the store.
    pub name: String,
    /// The instance.
    pub instance: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// Evaluations used.
    pub evaluations: u64,
    /// The evaluations until each target; not in files, which the store's are better for.
    #[serde(skip)]
    pub hits: Vec<Option<u64>>,
    /// The lowest recorded value.
    pub best: Option<f64>,
}

impl RunResult {
    /// The share of targets that were hit.
    pub fn share(&self) -> f64 {
        self.hits.iter().flatten().count() as f64 / self.hits.len().max(1) as f64
    }
}

/// A quantity across runs with a range, over evaluations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Evaluations.
    pub x: Vec<f64>,
    /// The lower quartile, or the lower end of the interval.
    pub low: Vec<f64>,
    /// The median, or the number for the data as they are.
    pub middle: Vec<f64>,
    /// The upper quartile, or the upper end of the interval.
    pub high: Vec<f64>,
}

/// A job's results.
pub fn cell(job: &JobResult, part: &Part, problem: &dyn Problem, seed: u64) -> CellResult {
    let targets = problem.targets();
    let trials: Vec<TrialResult> = job.trials.iter().map(trial).collect();
    let last = |run: &Finished| (run.hits.last().copied().flatten(), run.evaluations);
    let pairs: Vec<(Option<u64>, u64)> = job.runs.iter().map(last).collect();
    let ert = |strata: &[Vec<&(Option<u64>, u64)>]| expected_running_time(strata[0].iter().map(|pair| **pair));
    let running_time = (!pairs.is_empty()).then(|| bootstrap(&[pairs], ert, RESAMPLES, seed));
    let to = |k: usize| {
        let time = expected_running_time(job.runs.iter().map(|run| (run.hits[k], run.evaluations)));
        time.is_finite().then_some(time)
    };
    let mut outcomes = [0; 6];
    job.runs.iter().for_each(|run| outcomes[run.outcome.kind()] += 1);
    CellResult {
        width: width(&trials, part),
        trials,
        chosen: job.chosen,
        running_time: running_time.filter(|time| time.value.is_finite()),
        running_times: (0..targets.len()).map(to).collect(),
        outcomes,
        band: band(&job.runs, problem.lowest(), part.budget),
        runs: job.runs.iter().map(run).collect(),
    }
}

fn trial((trial, runs): &(Trial, Vec<Finished>)) -> TrialResult {
    let mean = |of: fn(&Finished) -> f64| runs.iter().map(of).sum::<f64>() / runs.len().max(1) as f64;
    TrialResult {
        trial: trial.clone(),
        share: (!runs.is_empty()).then(|| mean(Finished::share)),
        diverged: mean(|run| f64::from(u8::from(run.outcome == Outcome::Diverged))),
    }
}

fn run(run: &Finished) -> RunResult {
    RunResult {
        name: run.run.name().to_string(),
        instance: run.run.instance,
        outcome: run.outcome,
        evaluations: run.evaluations,
        hits: run.hits.clone(),
        best: run.best.is_finite().then_some(run.best),
    }
}

/// How many factors of ten of learning rates work.
fn width(trials: &[TrialResult], part: &Part) -> Option<f64> {
    let shares: Vec<f64> = trials.iter().map(|t| t.share).collect::<Option<_>>()?;
    let best = shares.iter().copied().fold(0.0, f64::max);
    if trials.len() < 2 || part.tuning.strategy != crate::study::Strategy::Grid {
        return None;
    }
    let working = shares.iter().filter(|share| best > 0.0 && **share >= WORKS * best).count();
    let apart = libm::log10(part.tuning.lr[1] / part.tuning.lr[0]) / (trials.len() - 1) as f64;
    Some(working as f64 * apart)
}

/// The distance to the lowest value that was lowest until then, over evaluations, across runs.
fn band(runs: &[Finished], lowest: f64, budget: u64) -> Band {
    let mut band = Band::default();
    for at in axis(budget) {
        let until = |run: &Finished| {
            let records = run.records.iter().take_while(|r| r.evaluations as f64 <= at);
            let best = records.map(|r| r.value - lowest).filter(|v| !v.is_nan()).fold(f64::INFINITY, f64::min);
            // What is below the lowest value by rounding or on an unbounded landscape is as good as there.
            best.max(0.0)
        };
        let gaps: Vec<f64> = runs.iter().map(until).filter(|gap| gap.is_finite()).collect();
        if gaps.is_empty() {
            continue;
        }
        band.x.push(at);
        band.low.push(quantile(&gaps, 0.25));
        band.middle.push(quantile(&gaps, 0.5));
        band.high.push(quantile(&gaps, 0.75));
    }
    band
}

/// Evaluations at which curves are given: ten in each factor of ten.
fn axis(budget: u64) -> Vec<f64> {
    let mut all: Vec<f64> = (0..)
        .map(|k| libm::round(libm::exp10(f64::from(k) / 10.0)))
        .take_while(|x| *x < budget as f64)
        .collect();
    all.push(budget as f64);
    all.dedup();
    all
}

/// For each entrant its shares of targets over evaluations with their intervals, its performance profile and its data profile.
pub fn curves<'a>(part: &'a PartSummary, seed: u64) -> (Vec<Band>, Vec<Curve>, Vec<Curve>) {
    let axis = axis(part.budget);
    let count = part.entrants.len();
    let cells = |e: usize| (0..part.problems.len()).filter_map(move |p| part.result(p, e));
    let shares = |e: usize| {
        let runs = |cell: &'a CellResult| cell.runs.iter().map(|run| run.hits.as_slice()).collect();
        let strata: Vec<Vec<&[Option<u64>]>> = cells(e).map(runs).collect();
        let estimates = bootstrap_ecdf(&strata, &axis, RESAMPLES, seed);
        Band {
            x: axis.clone(),
            low: estimates.iter().map(|share| share.low).collect(),
            middle: estimates.iter().map(|share| share.value).collect(),
            high: estimates.iter().map(|share| share.high).collect(),
        }
    };
    let cost = |cell: &CellResult| cell.running_time.map_or(f64::INFINITY, |time| time.value);
    let costs: Vec<Vec<f64>> = (0..count).map(|e| cells(e).map(cost).collect()).collect();
    let dimensions: Vec<usize> = part.problems.iter().map(|p| p.dimension).collect();
    let factors: Vec<f64> = (0..=40).map(|k| libm::exp10(f64::from(k) / 20.0)).collect();
    let groups: Vec<f64> = (0..=60).map(|k| libm::exp10(f64::from(k) / 20.0)).collect();
    let performance = performance_profile(&costs, &factors);
    let data = data_profile(&costs, &dimensions, &groups);
    ((0..count).map(shares).collect(), performance, data)
}

/// The area of each run of a cell under its hits over the logarithm of evaluations.
pub(super) fn areas(cell: &CellResult, budget: u64) -> Vec<f64> {
    cell.runs.iter().map(|run| area(&run.hits, budget)).collect()
}
