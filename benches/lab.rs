//! The laboratory: `cargo bench -p thalweg-benches --bench lab`.
//!
//! * `laboratory/evaluations of Adam in two dimensions`: four landscapes of the shipped study with its tuning, on all cores;
//!   compiling, records and a store in memory included. Each element is one evaluation of one run.
//! * `laboratory/runs saved`: 10,000 runs with 40 moments each into a new store on the disk.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use thalweg::lab::compare::{Options, compare};
use thalweg::lab::run::{Finished, Outcome, Precision, Record, Run};
use thalweg::lab::store::Store;
use thalweg::lab::study::{Study, shipped};

fn study() -> Study {
    let mut study = shipped().expect("the shipped study is well-formed");
    study.parts.truncate(1);
    study.parts[0].problems =
        ["rosenbrock(n=2)", "himmelblau", "beale", "ackley(n=2)"].map(String::from).to_vec();
    study.parts[0].optimizers.retain(|own| own.label == "Adam");
    study
}

fn evaluations(c: &mut Criterion) {
    let (study, stop) = (study(), AtomicBool::new(false));
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let run = || {
        let store = Store::in_memory().expect("memory is there");
        compare(&study, &[], &store, &Options { jobs, compute_missing: true, stop: &stop }, &|_| {})
            .expect("it runs")
            .effort
    };
    let mut group = c.benchmark_group("laboratory");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    group.throughput(Throughput::Elements(run().evaluations));
    group.bench_function("evaluations of Adam in two dimensions", |b| b.iter(run));
    group.finish();
}

const RUNS: u64 = 10_000;

fn finished(instance: u64) -> Finished {
    let moment = |k: u64| Record {
        evaluations: k,
        value: 1.0 / (k + 1) as f64,
        gradient: 0.5,
        distance: 0.25,
        seconds: 1e-6 * k as f64,
        point: vec![0.1, 0.2],
    };
    Finished {
        run: Run {
            problem: "rosenbrock(n=2)".into(),
            instance,
            start: "auto of seed 0".into(),
            optimizer: "adam(lr=0.1)".into(),
            lr: 0.1,
            initializer: None,
            seed: 0,
            budget: 100,
            precision: Precision::F64,
        },
        outcome: Outcome::Converged,
        evaluations: 100,
        value: 0.5,
        best: 0.25,
        gradient: 0.5,
        distance: 0.25,
        seconds: 1e-3,
        is_cut: false,
        hits: vec![Some(3); 51],
        records: (0..40).map(moment).collect(),
    }
}

fn saved(c: &mut Criterion) {
    let runs: Vec<Finished> = (0..RUNS).map(finished).collect();
    let folder = std::env::temp_dir().join(format!("thalweg-bench-{}", std::process::id()));
    let mut number = 0;
    let mut group = c.benchmark_group("laboratory");
    group.sample_size(10).measurement_time(Duration::from_secs(5)).throughput(Throughput::Elements(RUNS));
    group.bench_function("runs saved", |b| {
        b.iter_batched(
            || {
                number += 1;
                Store::open(&folder.join(format!("{number}.sqlite"))).expect("the folder is writable")
            },
            |store| {
                store.save(&runs).expect("there is room");
                store
            },
            BatchSize::PerIteration,
        )
    });
    group.finish();
    // Only a folder of the machine's own temporary files stays if it cannot be removed.
    let _ = std::fs::remove_dir_all(folder);
}

criterion_group!(benches, evaluations, saved);
criterion_main!(benches);
