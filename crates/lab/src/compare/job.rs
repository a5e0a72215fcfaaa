//! One job: trials on the instances for tuning, then the best of them on the instances that are reported.

use std::sync::atomic::Ordering;
use std::time::Instant;

use sha2::{Digest, Sha256};

use super::{Bench, Job};
use crate::error::{Error, Result};
use crate::problem::Batch;
use crate::run::{Finished, Run, RunName};
use crate::study::{Strategy, Trial};
use crate::summary::{JobResult, best_trial};

/// By how much the instances grow and the trials shrink from one round of successive halving to the next.
const HALVING: usize = 3;

impl Job<'_> {
    /// What it is, for people.
    pub fn label(&self) -> String {
        let label = &self.part.optimizers[self.method.0].label;
        format!("{label} on {}", self.part.problems[self.problem.0])
    }

    /// A name that two processes give to the same job.
    pub fn key(&self) -> Result<String> {
        let mut hash = Sha256::new();
        for trial in self.trials() {
            hash.update(self.at(&trial, 1)?.name().bytes());
        }
        hash.update(self.part.instances.to_le_bytes());
        hash.update(self.part.tuning_instances.to_le_bytes());
        hash.update([self.part.tuning.strategy as u8]);
        let mut name = [0; 16];
        name.copy_from_slice(&hash.finalize()[..16]);
        Ok(RunName::from_bytes(name).to_string())
    }

    fn trials(&self) -> Vec<Trial> {
        self.part.tuning.trials_of(self.method.1, self.seed)
    }

    /// A trial on an instance.
    fn at(&self, trial: &Trial, instance: u64) -> Result<Run> {
        let scheme = self.initializer.map(|k| self.part.initializers[k].clone());
        Ok(Run {
            problem: self.stored.into(),
            instance,
            start: self.problem.1.start(self.part.start, self.seed),
            optimizer: self.method.1.with(trial)?.to_string(),
            lr: trial.lr,
            initializer: scheme,
            seed: self.seed,
            budget: self.part.budget,
            precision: self.part.precision,
        })
    }

    /// Does what is missing of it.
    pub fn run(&self, bench: &Bench) -> Result<JobResult> {
        let (reported, tuning) = (self.part.instances, self.part.tuning_instances);
        let trials = self.trials();
        let mut results: Vec<(Trial, Vec<Finished>)> = trials.into_iter().map(|t| (t, vec![])).collect();
        let mut chosen = 0;
        if results.len() > 1 {
            let mut left: Vec<usize> = (0..results.len()).collect();
            let mut instances = match self.part.tuning.strategy {
                Strategy::Halving => 1,
                _ => tuning.max(1),
            };
            loop {
                self.try_out(&mut results, &left, reported, instances, bench)?;
                let own: Vec<(Trial, Vec<Finished>)> = left.iter().map(|k| results[*k].clone()).collect();
                chosen = left[best_trial(&own)];
                if instances >= tuning.max(1) || left.len() == 1 {
                    break;
                }
                left = better_third(&results, left);
                instances = (instances * HALVING as u64).min(tuning);
            }
        }
        let trial = &results[chosen].0;
        let runs = (1..=reported).map(|i| self.at(trial, i)).collect::<Result<Vec<_>>>()?;
        let runs = self.finished(runs, trial, true, bench)?;
        Ok(JobResult {
            problem: self.problem.0,
            contender: self.method.0,
            initializer: self.initializer,
            trials: results,
            chosen,
            runs,
        })
    }

    /// Runs some trials on the first instances for tuning, which follow those that are reported.
    fn try_out(
        &self,
        results: &mut [(Trial, Vec<Finished>)],
        left: &[usize],
        reported: u64,
        instances: u64,
        bench: &Bench,
    ) -> Result<()> {
        // Trials that differ in the rate alone are lanes of one program.
        let mut groups: Vec<Vec<usize>> = vec![];
        for k in left {
            let same = |group: &&mut Vec<usize>| results[group[0]].0.settings == results[*k].0.settings;
            match groups.iter_mut().find(same) {
                Some(group) => group.push(*k),
                None => groups.push(vec![*k]),
            }
        }
        for group in groups {
            let mut runs = vec![];
            for k in &group {
                for i in 1..=instances {
                    runs.push(self.at(&results[*k].0, reported + i)?);
                }
            }
            let trial = results[group[0]].0.clone();
            let mut done = self.finished(runs, &trial, false, bench)?.into_iter();
            for k in group {
                results[k].1 = done.by_ref().take(instances as usize).collect();
            }
        }
        Ok(())
    }

    /// These runs: from the store, or computed and saved.
    fn finished(&self, runs: Vec<Run>, trial: &Trial, records: bool, bench: &Bench) -> Result<Vec<Finished>> {
        let names: Vec<RunName> = runs.iter().map(Run::name).collect();
        let mut known = bench.store.load(&names)?;
        let targets = self.problem.1.targets().len();
        if known.iter().flatten().any(|run| run.hits.len() != targets) {
            return Err(Error::Store(format!(
                "The store is damaged: a run of {} has other targets than its problem; restore a copy, or move it away and \
                 run again.",
                self.label()
            )));
        }
        // A trial that was tuned with has no records; to be reported it runs again.
        let is_enough = |run: &Finished| !records || !run.records.is_empty();
        known.iter_mut().for_each(|own| *own = own.take().filter(is_enough));
        let missing: Vec<Run> =
            runs.into_iter().zip(&known).filter(|(_, own)| own.is_none()).map(|(run, _)| run).collect();
        bench.reused.fetch_add((known.len() - missing.len()) as u64, Ordering::Relaxed);
        if !missing.is_empty() && !bench.compute_missing {
            let remedy = match self.part.seconds {
                None => "run `thalweg compare` with the same words first",
                Some(_) => {
                    "run `thalweg compare` with the same words first; runs that `seconds` cuts are not kept, so a study with \
                     such runs is reported by `thalweg compare` alone"
                }
            };
            let (count, label) = (missing.len(), self.label());
            return Err(Error::Missing(format!(
                "{count} of the runs of {label} are not in the store; {remedy}."
            )));
        }
        if !missing.is_empty() {
            let began = Instant::now();
            let method = self.method.1.with(trial)?;
            let batch = Batch {
                method: &method,
                runs: &missing,
                start: self.part.start,
                records,
                seconds: self.part.seconds,
                stop: bench.stop,
            };
            let done = self.problem.1.run(&batch)?;
            bench.nanoseconds.fetch_add(began.elapsed().as_nanos() as u64, Ordering::Relaxed);
            bench.computed.fetch_add(done.len() as u64, Ordering::Relaxed);
            let evaluations = done.iter().map(|run| run.evaluations).sum();
            bench.evaluations.fetch_add(evaluations, Ordering::Relaxed);
            let kept: Vec<Finished> = done.iter().filter(|run| !run.is_cut).cloned().collect();
            bench.store.save(&kept)?;
            let mut done = done.into_iter();
            known.iter_mut().filter(|own| own.is_none()).for_each(|own| *own = done.next());
        }
        Ok(known.into_iter().flatten().collect())
    }
}

/// The better third of the trials that are left, in their order.
fn better_third(results: &[(Trial, Vec<Finished>)], left: Vec<usize>) -> Vec<usize> {
    let (mut rest, mut best) = (left.clone(), vec![]);
    while best.len() < left.len().div_ceil(HALVING) {
        let own: Vec<(Trial, Vec<Finished>)> = rest.iter().map(|k| results[*k].clone()).collect();
        best.push(rest.remove(best_trial(&own)));
    }
    best.sort_unstable();
    best
}
