//! The study that `thalweg compare` runs where no other is given, and its suites.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Contender, Part, Start, Strategy, Study, Tuning};
use crate::error::{Error, Result};
use crate::run::Precision;

/// Trials of each optimizer on each landscape.
const TRIALS: usize = 31;

/// Trials of each optimizer on each task, which takes a training for each.
const TASK_TRIALS: usize = 4;

/// A named set of problems.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// What it is, in a line.
    pub about: String,
    /// Evaluations that a run may use.
    pub budget: u64,
    /// The interval of learning rates.
    pub lr: [f64; 2],
    /// The problems.
    #[serde(default)]
    pub problems: Vec<String>,
    /// The family of landscapes that it holds all of, where it does.
    family: Option<String>,
    /// Their number of coordinates.
    dimension: Option<usize>,
}

#[derive(Deserialize)]
struct Contenders {
    landscapes: Vec<Contender>,
    tasks: Vec<Contender>,
    initializers: Vec<String>,
}

/// A file of the shipped study; a test reads each.
fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    toml::from_str(text).map_err(|e| Error::Study(format!("A file of the shipped study is broken: {e}")))
}

fn contenders() -> Result<Contenders> {
    read(include_str!("contenders.toml"))
}

/// The suites by name.
///
/// # Errors
/// None, as a test makes sure.
pub fn suites() -> Result<BTreeMap<String, Suite>> {
    let mut all: BTreeMap<String, Suite> = read(include_str!("suites.toml"))?;
    for suite in all.values_mut() {
        let Some(family) = &suite.family else { continue };
        let family = family.parse()?;
        let dimension = suite.dimension.map(|n| n as f64);
        for entry in thalweg_landscapes::filter(Some(family), suite.dimension) {
            let arguments: Vec<(&str, f64)> = dimension.iter().map(|n| ("n", *n)).collect();
            suite.problems.push(entry.landscape(&arguments)?.to_string());
        }
    }
    Ok(all)
}

/// The part that a suite makes.
///
/// # Errors
/// [`Error::Study`] if there is no suite of this name.
pub fn suite(name: &str) -> Result<Part> {
    let all = suites()?;
    let Some(suite) = all.get(name) else {
        let names: Vec<&str> = all.keys().map(String::as_str).collect();
        return Err(Error::Study(format!("There is no suite `{name}`; the suites are {}.", names.join(", "))));
    };
    let Contenders { landscapes, tasks, initializers } = contenders()?;
    let is_task = matches!(name, "mlp" | "init");
    let trials = if is_task { TASK_TRIALS } else { TRIALS };
    Ok(Part {
        title: suite.about.clone(),
        problems: suite.problems.clone(),
        optimizers: if is_task { tasks } else { landscapes },
        initializers: if name == "init" { initializers } else { vec![] },
        tuning: Tuning { strategy: Strategy::Grid, trials, lr: suite.lr, ranges: BTreeMap::new() },
        tuning_instances: if is_task { 1 } else { 5 },
        instances: if is_task { 6 } else { 15 },
        budget: suite.budget,
        seconds: None,
        precision: if is_task { Precision::F32 } else { Precision::F64 },
        start: Start::Auto,
    })
}

/// The shipped study: saddles, ravines, plateaus and multimodal landscapes, and initializers on the digits.
///
/// # Errors
/// None, as a test makes sure.
pub fn shipped() -> Result<Study> {
    let terrain = ["saddles", "ravines", "plateaus", "multimodal"].map(suite);
    let terrain = terrain.into_iter().collect::<Result<Vec<Part>>>()?;
    let problems = terrain.iter().flat_map(|part| part.problems.clone()).collect();
    let first = terrain.into_iter().next();
    let landscapes = first.map(|part| Part { title: "Landscapes".into(), problems, ..part });
    Ok(Study {
        name: "Saddles, ravines, plateaus and basins".into(),
        description:
            "Which optimizer, learning rate and initializer, on which kind of terrain, with what certainty."
                .into(),
        seed: 0,
        parts: landscapes.into_iter().chain([suite("init")?]).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suite_reads_and_holds() -> Result<()> {
        for name in suites()?.keys() {
            let study =
                Study { name: name.clone(), description: String::new(), seed: 0, parts: vec![suite(name)?] };
            study.check(&[])?;
            assert_eq!(Study::from_toml(&study.to_toml()?)?, study);
        }
        Ok(())
    }
}
