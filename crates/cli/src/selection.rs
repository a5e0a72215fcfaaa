//! Which study is meant: the shipped one, a file, or suites, with what is changed on the command line.

use std::path::PathBuf;

use thalweg_lab::study::{Contender, Study, shipped, suite};
use thalweg_lab::{Error, Result};

/// Instances for tuning, reported instances, evaluations, trials and problems of each kind with `--quick`.
const QUICK: (u64, u64, u64, usize) = (2, 3, 300, 11);

/// The most problems of a part with `--quick`.
const QUICK_PROBLEMS: usize = 12;

#[derive(Debug, clap::Args)]
pub struct Selection {
    /// A study in TOML instead of the shipped one; `thalweg-report/study.toml` of a report is one to begin with
    #[arg(long, value_name = "FILE", conflicts_with = "suite")]
    study: Option<PathBuf>,
    /// Only this suite: saddles, ravines, plateaus, multimodal, bbob, mgh, mlp or init; may be given again
    #[arg(long, value_name = "NAME")]
    suite: Vec<String>,
    /// Only these optimizers: labels of the study, or texts such as `adam(beta1=0.8)`, separated by `;` or given again
    #[arg(long, value_delimiter = ';', value_name = "TEXT")]
    optimizers: Vec<String>,
    /// Only these problems, separated by `;` or given again
    #[arg(long, value_delimiter = ';', value_name = "TEXT")]
    problems: Vec<String>,
    /// Evaluations that a run may use
    #[arg(long, value_name = "NUMBER")]
    budget: Option<u64>,
    /// Instances that are reported
    #[arg(long, value_name = "NUMBER")]
    seeds: Option<u64>,
    /// Fewer problems, instances, trials and evaluations, to see in seconds how it looks
    #[arg(long)]
    quick: bool,
    /// The folder of the report
    #[arg(long, value_name = "FOLDER", default_value = "thalweg-report")]
    pub out: PathBuf,
    /// The file that keeps all runs; by default `runs.sqlite` in the report's folder
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
}

impl Default for Selection {
    fn default() -> Self {
        Selection {
            study: None,
            suite: vec![],
            optimizers: vec![],
            problems: vec![],
            budget: None,
            seeds: None,
            quick: false,
            out: "thalweg-report".into(),
            store: None,
        }
    }
}

impl Selection {
    /// The store.
    pub fn store(&self) -> PathBuf {
        self.store.clone().unwrap_or_else(|| self.out.join("runs.sqlite"))
    }

    /// The study that is asked for.
    ///
    /// # Errors
    /// If it cannot be read, or names what does not exist.
    pub fn study(&self) -> Result<Study> {
        let mut study = match (&self.study, self.suite.is_empty()) {
            (Some(path), _) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|e| Error::File(format!("The study {} cannot be read: {e}.", path.display())))?;
                Study::from_toml(&text)?
            }
            (None, true) => shipped()?,
            (None, false) => {
                let parts = self.suite.iter().map(|name| suite(name)).collect::<Result<_>>()?;
                Study { name: self.suite.join(", "), description: String::new(), seed: 0, parts }
            }
        };
        for part in &mut study.parts {
            if self.quick {
                let (tuning, instances, budget, trials) = QUICK;
                part.tuning_instances = part.tuning_instances.min(tuning);
                part.instances = part.instances.min(instances);
                part.budget = part.budget.min(budget);
                // Tasks have few trials as they are.
                part.tuning.trials = part.tuning.trials.min(trials);
                let every = part.problems.len().div_ceil(QUICK_PROBLEMS);
                part.problems = part.problems.iter().step_by(every).cloned().collect();
                if !part.initializers.is_empty() {
                    (part.instances, part.budget) = (1, part.budget.min(100));
                    part.problems.truncate(1);
                }
            }
            part.budget = self.budget.unwrap_or(part.budget);
            part.instances = self.seeds.unwrap_or(part.instances);
            if !self.optimizers.is_empty() {
                let known = std::mem::take(&mut part.optimizers);
                let asked = self.optimizers.iter().map(|text| text.trim());
                let named = |text: &str| known.iter().find(|own| own.label == text).cloned();
                let plain = |text: &str| Contender { label: text.into(), optimizer: text.into() };
                part.optimizers = asked.map(|text| named(text).unwrap_or_else(|| plain(text))).collect();
            }
            if !self.problems.is_empty() {
                part.problems = self.problems.iter().map(|text| text.trim().to_string()).collect();
            }
        }
        if !self.problems.is_empty() {
            // The same problems in every part would be the same part again.
            study.parts.truncate(1);
        }
        study.check(&[])?;
        Ok(study)
    }
}
