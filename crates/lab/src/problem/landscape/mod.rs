//! Runs on landscapes.

mod batched;
mod ending;
mod path;
mod schedule;
mod solved;
mod starts;
mod watch;

use burn::tensor::{DType, Device};
use sha2::{Digest, Sha256};
use thalweg_autodiff::with_rng_key;
use thalweg_landscapes::{Landscape, Lowest};
use thalweg_optim::Transform;
use thalweg_optim::solvers::Oracle;

use super::{Batch, Problem};
use crate::error::{Error, Result};
use crate::method::Method;
use crate::run::{Finished, Precision, Run};
use crate::study::{Part, Start};

use solved::Programs;

pub use path::{Path, path};
pub use starts::start_point;

/// How many targets there are, from 1e2 to 1e-8 above the lowest value, as COCO has them.
const TARGETS: usize = 51;

/// How many points of the box tell a landscape of one's own from another one.
const LOOKED_AT: usize = 8;

/// A landscape as a problem.
#[derive(Debug)]
pub struct OnLandscape {
    landscape: Landscape,
    lowest: f64,
    targets: Vec<f64>,
}

impl OnLandscape {
    /// The targets are 10², 10^1.8, …, 10⁻⁸ above the lowest value; where there is none, above one unit below the saddle.
    ///
    /// # Errors
    /// [`Error::Study`] for a landscape of which neither a lowest value nor a saddle is known.
    pub fn new(landscape: Landscape) -> Result<Self> {
        let lowest = floor(&landscape).ok_or_else(|| {
            Error::Study(format!(
                "Of `{landscape}` neither a lowest value nor a saddle is known, so there is nothing to measure a run by; \
                 take another landscape."
            ))
        })?;
        let targets = (0..TARGETS).map(|k| lowest + precision_of(k)).collect();
        Ok(OnLandscape { landscape, lowest, targets })
    }

    /// The landscape.
    pub fn landscape(&self) -> &Landscape {
        &self.landscape
    }

    /// The landscape of an instance: for the functions of BBOB the instance of that number, else the landscape itself.
    ///
    /// # Errors
    /// What building it gives.
    pub fn instance(&self, instance: u64) -> Result<OnLandscape> {
        match instanced(&self.landscape, instance) {
            Some(text) => OnLandscape::new(thalweg_landscapes::parse(&text)?),
            None => OnLandscape::new(self.landscape.clone()),
        }
    }
}

/// The distance of target number `k` from the lowest value.
pub fn precision_of(k: usize) -> f64 {
    libm::exp10(2.0 - k as f64 / 5.0)
}

/// What values are measured from.
fn floor(landscape: &Landscape) -> Option<f64> {
    let facts = landscape.facts();
    let known = match facts.lowest {
        Lowest::Unbounded => None,
        lowest => lowest.in_box().or(facts.best_known()),
    };
    known.or_else(|| landscape.saddles().next().map(|saddle| saddle.value - 1.0))
}

/// The text of an undecorated function of BBOB with another instance.
fn instanced(landscape: &Landscape, instance: u64) -> Option<String> {
    let text = landscape.to_string();
    let inner = text.strip_prefix("bbob(")?.strip_suffix(')')?;
    let kept = inner.split(", ").filter(|part| !part.starts_with("instance="));
    Some(format!("bbob({}, instance={instance})", kept.collect::<Vec<_>>().join(", ")))
}

/// The element type as Burn names it.
fn dtype(precision: Precision) -> DType {
    match precision {
        Precision::F32 => DType::F32,
        Precision::F64 => DType::F64,
    }
}

/// Where everything of the laboratory is computed.
fn device() -> Device {
    Device::flex()
}

impl Problem for OnLandscape {
    fn name(&self) -> String {
        self.landscape.to_string()
    }

    fn landscape(&self) -> Option<&Landscape> {
        Some(&self.landscape)
    }

    fn fingerprint(&self) -> Result<String> {
        let (mut hash, mut kinds) = (Sha256::new(), String::new());
        let mut numbers = |all: &[f64]| all.iter().for_each(|x| hash.update(x.to_bits().to_le_bytes()));
        numbers(&self.targets);
        // Known points decide where runs start and how their ends are called.
        numbers(&[self.lowest]);
        for point in &self.landscape.facts().critical_points {
            numbers(&[point.value]);
            numbers(&point.x);
            kinds.push_str(&format!("{:?};", (point.index, point.nullity, point.minimum, point.site)));
        }
        self.landscape.bounds().iter().for_each(|side| numbers(side));
        numbers(self.landscape.start().unwrap_or_default());
        let n = self.landscape.dimension();
        let points = self.landscape.starts(LOOKED_AT, 0, &device(), DType::F64);
        let points: Vec<f64> = points.into_data().iter().collect();
        let programs = Programs::new(&self.landscape, DType::F64)?;
        for point in points.chunks(n) {
            let (value, gradient) = with_rng_key(0, || programs.gradient(point))?;
            numbers(&[value]);
            numbers(&gradient);
        }
        hash.update(kinds.as_bytes());
        Ok(hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect())
    }

    fn group(&self) -> &str {
        self.landscape.family().map_or("landscape", |family| family.name())
    }

    fn targets(&self) -> &[f64] {
        &self.targets
    }

    fn lowest(&self) -> f64 {
        self.lowest
    }

    fn has_residuals(&self) -> bool {
        self.landscape.residuals().is_some()
    }

    fn check(&self, part: &Part) -> Result<()> {
        let text = self.landscape.to_string();
        if text.starts_with("bbob(") && text.contains("instance=") {
            return Err(Error::Study(format!(
                "`{text}` names an instance, but a study runs on instances 1, 2, 3, … by itself; leave `instance` out."
            )));
        }
        match part.start {
            Start::NearSaddle if self.landscape.saddles().next().is_none() => Err(Error::Study(format!(
                "`{}` has no known saddle to start near; take another `start`, or another landscape.",
                self.landscape
            ))),
            Start::Standard if self.landscape.start().is_none() => Err(Error::Study(format!(
                "`{}` has no standard start; take another `start`, or another landscape.",
                self.landscape
            ))),
            _ => Ok(()),
        }
    }

    fn start(&self, start: Start, seed: u64) -> String {
        format!("{} of seed {seed}", start.name())
    }

    fn run(&self, batch: &Batch) -> Result<Vec<Finished>> {
        // Runs of other instances of BBOB are runs of other functions.
        let mut groups: Vec<Vec<usize>> = vec![];
        for (k, run) in batch.runs.iter().enumerate() {
            let same = |group: &&mut Vec<usize>| {
                instanced(&self.landscape, 1).is_none() || batch.runs[group[0]].instance == run.instance
            };
            match groups.iter_mut().find(same) {
                Some(group) => group.push(k),
                None => groups.push(vec![k]),
            }
        }
        let mut all: Vec<Option<Finished>> = vec![None; batch.runs.len()];
        for group in groups {
            let own = self.instance(batch.runs[group[0]].instance)?;
            let runs: Vec<Run> = group.iter().map(|k| batch.runs[*k].clone()).collect();
            let starts = starts::starts(&own.landscape, batch.start, &runs)?;
            let done = match batch.method {
                Method::Recipe(recipe) if recipe.transform()?.is_traceable() => {
                    batched::run(&own, &recipe.transform()?, batch, &runs, &starts)?
                }
                Method::Recipe(recipe) => {
                    let lifted = format!("lifted(inner={recipe})").parse()?;
                    solved::run(&own, &lifted, batch, &runs, &starts)?
                }
                Method::Solver(solver) => solved::run(&own, solver, batch, &runs, &starts)?,
            };
            group.into_iter().zip(done).for_each(|(k, done)| all[k] = Some(done));
        }
        Ok(all.into_iter().flatten().collect())
    }
}
