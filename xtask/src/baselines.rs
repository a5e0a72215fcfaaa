//! The losses that the laboratory's tasks should get down to: the median of 20 reruns of each task's baseline.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use thalweg_lab::problem::Batch;
use thalweg_lab::run::{Precision, Run};
use thalweg_lab::statistics::quantile;
use thalweg_lab::study::Start;
use thalweg_lab::task::{Baseline, ENTRIES};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/lab/src/task/baselines.json");

const RERUNS: u64 = 20;

/// The reruns are on seeds that no study uses: their instances begin here.
const FIRST: u64 = 1_000_001;

/// Trains all baselines and writes what they come to.
pub fn write() -> Result<String, String> {
    let mut all = BTreeMap::new();
    for entry in ENTRIES {
        let text = |e: thalweg_lab::Error| e.to_string();
        // Targets that are never hit, so that every rerun uses its whole budget.
        let problem = (entry.make)([1.0, f64::MIN_POSITIVE]).map_err(text)?;
        let runs: Vec<Run> = (0..RERUNS)
            .map(|k| Run {
                problem: entry.name.into(),
                instance: FIRST + k,
                start: String::new(),
                optimizer: entry.baseline.into(),
                lr: entry.lr,
                initializer: None,
                seed: 0,
                budget: entry.steps,
                precision: Precision::F32,
            })
            .collect();
        let method = entry.baseline.parse().map_err(text)?;
        let stop = AtomicBool::new(false);
        let batch = Batch {
            method: &method,
            runs: &runs,
            start: Start::Auto,
            records: true,
            seconds: None,
            stop: &stop,
        };
        let done = problem.run(&batch).map_err(text)?;
        let starts: Vec<f64> = done.iter().map(|run| run.records[0].value).collect();
        let bests: Vec<f64> = done.iter().map(|run| run.best).collect();
        let baseline = Baseline { start: quantile(&starts, 0.5), target: quantile(&bests, 0.5) };
        println!("{}: from {:.4} to {:.4}", entry.name, baseline.start, baseline.target);
        all.insert(entry.name, baseline);
    }
    let text = serde_json::to_string_pretty(&all).map_err(|e| e.to_string())? + "\n";
    std::fs::write(PATH, text).map_err(|e| format!("{PATH} cannot be written: {e}"))?;
    Ok(format!("wrote {PATH}"))
}
