//! Entrants in order, overall and for each group of problems.

use serde::{Deserialize, Serialize};

use super::PartSummary;
use super::cell::{CellResult, RESAMPLES, areas};
use crate::statistics::{Estimate, bootstrap, expected_running_time, holm, quantile, vargha_delaney, wilcoxon};

/// Differences that chance alone makes with more than this probability are none.
const LEVEL: f64 = 0.05;

/// The order of entrants on a group of problems.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ranking {
    /// The group, or `all`.
    pub scope: String,
    /// From the best to the last.
    pub rows: Vec<RankRow>,
    /// Tests of each row against each later one.
    pub pairs: Vec<Pair>,
}

/// One entrant in a ranking.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RankRow {
    /// The entrant.
    pub entrant: usize,
    /// Its rank from one; equal to that of the best row above from which it cannot be told apart.
    pub rank: usize,
    /// The share of pairs of run and target that were hit, with its interval.
    pub share: Estimate,
    /// The area under the share of targets over the logarithm of evaluations, which also tells how soon; what rows are
    /// ordered by where shares are equal.
    pub area: f64,
    /// The evaluations that independent restarts need until the last target is hit, over all runs; nothing where none
    /// hits it.
    pub running_time: Option<Estimate>,
    /// The geometric median of the chosen learning rates.
    pub lr: Option<f64>,
    /// The median over problems of the factors of ten of learning rates that work.
    pub width: Option<f64>,
    /// How often each kind of end occurred.
    pub outcomes: [u64; 6],
    /// The ranks between which it lies in 95 % of resamples of its instances.
    pub stability: [usize; 2],
}

/// A test of one entrant against another on the same runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The better one.
    pub better: usize,
    /// The other one.
    pub other: usize,
    /// The p-value of Wilcoxon's signed-rank test of the runs' shares of targets, after Holm's correction for all pairs of the scope.
    pub p: f64,
    /// The probability that a run of the better one hits more targets.
    pub effect: f64,
}

/// Overall, where there are several groups, and for each group.
pub fn rankings(part: &PartSummary, seed: u64) -> Vec<Ranking> {
    let mut groups: Vec<&str> = vec![];
    for problem in &part.problems {
        if !groups.contains(&problem.group.as_str()) {
            groups.push(&problem.group);
        }
    }
    let all: Vec<usize> = (0..part.problems.len()).collect();
    let of = |group: &str| -> Vec<usize> {
        all.iter().copied().filter(|p| part.problems[*p].group == group).collect()
    };
    let mut rankings = vec![];
    if groups.len() > 1 {
        rankings.push(ranking(part, "all", &all, seed));
    }
    rankings.extend(groups.iter().map(|group| ranking(part, group, &of(group), seed)));
    rankings
}

fn ranking(part: &PartSummary, scope: &str, problems: &[usize], seed: u64) -> Ranking {
    let cells = |e: usize| -> Vec<&CellResult> { problems.iter().filter_map(|p| part.result(*p, e)).collect() };
    let count = part.entrants.len();
    let area: Vec<Vec<f64>> =
        (0..count).map(|e| cells(e).iter().flat_map(|cell| areas(cell, part.budget)).collect()).collect();
    let shares: Vec<Vec<f64>> = (0..count)
        .map(|e| cells(e).iter().flat_map(|cell| cell.runs.iter().map(|run| run.share())).collect())
        .collect();
    let mut rows: Vec<RankRow> = (0..count).map(|e| row(e, &cells(e), &area[e], seed)).collect();
    rows.sort_by(|a, b| b.share.value.total_cmp(&a.share.value).then(b.area.total_cmp(&a.area)));
    let mut pairs = vec![];
    for (k, a) in rows.iter().enumerate() {
        for b in &rows[k + 1..] {
            let (own, other) = (&shares[a.entrant], &shares[b.entrant]);
            let p = wilcoxon(own, other);
            let effect = vargha_delaney(own, other);
            pairs.push(Pair { better: a.entrant, other: b.entrant, p, effect });
        }
    }
    let adjusted = holm(&pairs.iter().map(|pair| pair.p).collect::<Vec<_>>());
    pairs.iter_mut().zip(adjusted).for_each(|(pair, p)| pair.p = p);
    rank(&mut rows, &shares);
    stabilities(&mut rows, part, &shares, seed);
    Ranking { scope: scope.into(), rows, pairs }
}

/// Gives each row its rank: that of the row above which it cannot be told apart from. The best row is tested against all
/// below it, with Holm's correction for these tests; the first row that is worse than it begins anew, and so on.
fn rank(rows: &mut [RankRow], shares: &[Vec<f64>]) {
    let mut first = 0;
    while first < rows.len() {
        let best = &shares[rows[first].entrant];
        let tests: Vec<f64> =
            rows[first + 1..].iter().map(|row| wilcoxon(best, &shares[row.entrant])).collect();
        let worse = holm(&tests).iter().position(|p| *p < LEVEL);
        let next = worse.map_or(rows.len(), |k| first + 1 + k);
        rows[first..next].iter_mut().for_each(|row| row.rank = first + 1);
        first = next;
    }
}

fn row(entrant: usize, cells: &[&CellResult], area: &[f64], seed: u64) -> RankRow {
    let shares: Vec<Vec<f64>> =
        cells.iter().map(|cell| cell.runs.iter().map(|run| run.share()).collect()).collect();
    let mean = |strata: &[Vec<&f64>]| {
        let all = strata.iter().flatten();
        let count = strata.iter().map(Vec::len).sum::<usize>().max(1);
        all.copied().sum::<f64>() / count as f64
    };
    let times: Vec<Vec<(Option<u64>, u64)>> = cells
        .iter()
        .map(|cell| cell.runs.iter().map(|run| (run.hits.last().copied().flatten(), run.evaluations)).collect())
        .collect();
    let ert =
        |strata: &[Vec<&(Option<u64>, u64)>]| expected_running_time(strata.iter().flatten().map(|pair| **pair));
    let time = bootstrap(&times, ert, RESAMPLES, seed);
    let rates: Vec<f64> =
        cells.iter().filter_map(|cell| cell.trials.get(cell.chosen)).map(|t| libm::log10(t.trial.lr)).collect();
    let widths: Vec<f64> = cells.iter().filter_map(|cell| cell.width).collect();
    let mut outcomes = [0; 6];
    for cell in cells {
        outcomes.iter_mut().zip(cell.outcomes).for_each(|(sum, own)| *sum += own);
    }
    RankRow {
        entrant,
        rank: 0,
        share: bootstrap(&shares, mean, RESAMPLES, seed),
        area: area.iter().sum::<f64>() / area.len().max(1) as f64,
        running_time: time.value.is_finite().then_some(time),
        lr: (!widths.is_empty()).then(|| libm::exp10(quantile(&rates, 0.5))),
        width: (!widths.is_empty()).then(|| quantile(&widths, 0.5)),
        outcomes,
        stability: [0, 0],
    }
}

/// The ranks that entrants have when instances are drawn anew, the same ones for all.
fn stabilities(rows: &mut [RankRow], part: &PartSummary, shares: &[Vec<f64>], seed: u64) {
    use rand::{RngExt, SeedableRng};
    let runs = shares.iter().map(Vec::len).min().unwrap_or(0);
    let mut ranks: Vec<Vec<f64>> = vec![vec![]; part.entrants.len()];
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    for _ in 0..if runs == 0 { 0 } else { RESAMPLES } {
        let drawn: Vec<usize> = (0..runs).map(|_| rng.random_range(0..runs)).collect();
        let sums: Vec<f64> = shares.iter().map(|own| drawn.iter().map(|k| own[*k]).sum()).collect();
        for (own, sum) in ranks.iter_mut().zip(&sums) {
            own.push(1.0 + sums.iter().filter(|other| *other > sum).count() as f64);
        }
    }
    for row in rows {
        let own = &ranks[row.entrant];
        if !own.is_empty() {
            row.stability = [quantile(own, 0.025), quantile(own, 0.975)].map(|rank| libm::round(rank) as usize);
        }
    }
}
