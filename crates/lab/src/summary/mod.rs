//! What the runs of a study say: a pure function of the study and its runs.

mod cell;
mod information;
mod job;
mod ranking;
mod table;

use serde::{Deserialize, Serialize};

pub use cell::{Band, CellResult, TrialResult};
pub use information::{ContenderInfo, ProblemInfo};
pub use job::{JobResult, best_trial};
pub use ranking::{Pair, RankRow, Ranking};
pub use table::table;

use crate::error::Result;
use crate::export::file_names;
use crate::problem::Problem;
use crate::statistics::Curve;
use crate::study::{Part, Study};

/// All that is shown of a study.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Summary {
    /// The study.
    pub study: Study,
    /// The version of this program.
    pub version: String,
    /// The instruction set that the runs were computed with.
    pub isa: String,
    /// The parts, in the study's order.
    pub parts: Vec<PartSummary>,
}

/// What is shown of one part.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PartSummary {
    /// What it is about.
    pub title: String,
    /// Evaluations that a run may use.
    pub budget: u64,
    /// How many targets each problem has.
    pub targets: usize,
    /// The problems.
    pub problems: Vec<ProblemInfo>,
    /// What is compared.
    pub entrants: Vec<Entrant>,
    /// The optimizers.
    pub contenders: Vec<ContenderInfo>,
    /// The initializers.
    pub initializers: Vec<String>,
    /// One for each problem and entrant, in the order of problems and then of entrants.
    pub results: Vec<CellResult>,
    /// Overall first, where there are several groups, and then for each group of problems.
    pub rankings: Vec<Ranking>,
    /// For each entrant, the share of all pairs of target and run that are hit, over evaluations, with the interval in which
    /// 95 % of resamples of its instances lie.
    pub ecdf: Vec<Band>,
    /// For each entrant, the share of problems that it solves within a factor of the fastest, by expected running time.
    pub performance: Vec<Curve>,
    /// For each entrant, the share of problems that it solves within so many times (coordinates + 1) evaluations.
    pub data: Vec<Curve>,
}

/// An optimizer, with an initializer where the part compares them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entrant {
    /// What tables call it.
    pub label: String,
    /// The number of the optimizer.
    pub contender: usize,
    /// The number of the initializer.
    pub initializer: Option<usize>,
}

impl PartSummary {
    /// What an entrant has come to on a problem.
    pub fn result(&self, problem: usize, entrant: usize) -> Option<&CellResult> {
        self.results.get(problem * self.entrants.len() + entrant)
    }
}

/// Sums up a study from the results of its jobs, in any order; `own` are the problems that were brought along.
///
/// # Errors
/// If the study names what does not exist.
pub fn summarize(study: &Study, own: &[&dyn Problem], parts: &[Vec<JobResult>]) -> Result<Summary> {
    let each = study.parts.iter().zip(parts).map(|(part, jobs)| part_summary(study, part, own, jobs));
    let mut all: Vec<PartSummary> = each.collect::<Result<_>>()?;
    // An optimizer that is in several parts has one page.
    let labels: Vec<String> = all.iter().flat_map(|part| &part.contenders).map(|c| c.label.clone()).collect();
    let labels = file_names(labels.iter().map(String::as_str));
    for part in &mut all {
        let texts: Vec<String> = part.problems.iter().map(|problem| problem.text.clone()).collect();
        let texts = file_names(texts.iter().map(String::as_str));
        part.problems.iter_mut().for_each(|problem| problem.file = texts[problem.text.as_str()].clone());
        part.contenders.iter_mut().for_each(|c| c.file = labels[c.label.as_str()].clone());
    }
    Ok(Summary {
        study: study.clone(),
        version: env!("CARGO_PKG_VERSION").into(),
        isa: thalweg_cpu::Isa::detect().to_string(),
        parts: all,
    })
}

fn part_summary(study: &Study, part: &Part, own: &[&dyn Problem], jobs: &[JobResult]) -> Result<PartSummary> {
    let problems = part.resolved(own)?;
    let methods = part.methods()?;
    let with_schemes = problems.iter().any(|p| p.takes_initializer()) && !part.initializers.is_empty();
    let schemes: Vec<Option<usize>> =
        if with_schemes { (0..part.initializers.len()).map(Some).collect() } else { vec![None] };
    let mut entrants = vec![];
    for (contender, own) in part.optimizers.iter().enumerate() {
        entrants.extend(schemes.iter().map(|initializer| Entrant {
            label: match initializer {
                Some(k) => format!("{} · {}", part.initializers[*k], own.label),
                None => own.label.clone(),
            },
            contender,
            initializer: *initializer,
        }));
    }
    let mut results = vec![];
    for (problem, held) in problems.iter().enumerate() {
        for entrant in &entrants {
            let is_it = |job: &&JobResult| {
                job.problem == problem
                    && job.contender == entrant.contender
                    && (job.initializer == entrant.initializer || job.initializer.is_none())
            };
            results.push(match jobs.iter().find(is_it) {
                Some(job) => cell::cell(job, part, &**held, study.seed),
                None => CellResult::default(),
            });
        }
    }
    let infos: Vec<ProblemInfo> = problems.iter().map(information::problem_info).collect();
    let mut summary = PartSummary {
        title: part.title.clone(),
        budget: part.budget,
        targets: problems.iter().map(|p| p.targets().len()).max().unwrap_or(0),
        problems: infos,
        contenders: part
            .optimizers
            .iter()
            .zip(&methods)
            .map(|(c, m)| information::contender_info(c, m))
            .collect(),
        initializers: part.initializers.clone(),
        entrants,
        results,
        rankings: vec![],
        ecdf: vec![],
        performance: vec![],
        data: vec![],
    };
    summary.rankings = ranking::rankings(&summary, study.seed);
    let (ecdf, performance, data) = cell::curves(&summary, study.seed);
    (summary.ecdf, summary.performance, summary.data) = (ecdf, performance, data);
    Ok(summary)
}
