//! First values of 100 M parameters in f32, next to what `rand` draws on as many threads:
//! `cargo bench -p thalweg-benches --bench init`.
//!
//! `rand` fills a new vector in pieces of the same size, each with a generator of its own, on the threads of rayon:
//! `StdRng` is its default generator (ChaCha with 12 rounds), `SmallRng` its fastest one (xoshiro256++). Ours is
//! `Plan::apply` on a module: values, tensors and the new module. Each element is one parameter.

use std::time::Duration;

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rand::rngs::{SmallRng, StdRng};
use rand::{Rng, SeedableRng};
use rand_distr::{Distribution, StandardNormal, Uniform};
use rayon::prelude::*;
use thalweg::init::{CHUNK, Plan};

const ROWS: usize = 5_000;
const COLUMNS: usize = 5_000;
const LAYERS: usize = 4;
const PARAMETERS: usize = LAYERS * ROWS * COLUMNS;

#[derive(Module, Debug)]
struct Weights {
    layers: Vec<Param<Tensor<2>>>,
}

fn drawn<R: SeedableRng + Rng>(law: &(impl Distribution<f32> + Sync)) -> Vec<Vec<f32>> {
    let layer = |layer: usize| {
        let mut values = vec![0.0; ROWS * COLUMNS];
        values.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, values)| {
            let mut rng = R::seed_from_u64((layer << 32 | chunk) as u64);
            values.iter_mut().for_each(|value| *value = law.sample(&mut rng));
        });
        values
    };
    (0..LAYERS).map(layer).collect()
}

fn initialize(c: &mut Criterion) {
    let device = Device::flex();
    let layer = |_| Param::from_tensor(Tensor::zeros([ROWS, COLUMNS], &device));
    let model = Weights { layers: (0..LAYERS).map(layer).collect() };
    let mut group = c.benchmark_group("initialize 100M");
    group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(6));
    group.throughput(Throughput::Elements(PARAMETERS as u64));
    let uniform = Uniform::new(-0.1f32, 0.1).expect("it is an interval");
    group.bench_function(BenchmarkId::new("uniform", "rand StdRng"), |b| b.iter(|| drawn::<StdRng>(&uniform)));
    group.bench_function(BenchmarkId::new("uniform", "rand SmallRng"), |b| {
        b.iter(|| drawn::<SmallRng>(&uniform))
    });
    group.bench_function(BenchmarkId::new("normal", "rand StdRng"), |b| {
        b.iter(|| drawn::<StdRng>(&StandardNormal))
    });
    group.bench_function(BenchmarkId::new("normal", "rand SmallRng"), |b| {
        b.iter(|| drawn::<SmallRng>(&StandardNormal))
    });
    for (name, plan) in [
        ("uniform", "_ => uniform(low=-0.1, high=0.1)"),
        ("normal", "_ => normal(std=1)"),
        ("kaiming_normal", "_ => kaiming_normal"),
        ("truncated_normal", "_ => truncated_normal"),
    ] {
        let plan: Plan = plan.parse().expect("it is a plan");
        group.bench_function(BenchmarkId::new(name, "thalweg"), |b| {
            b.iter(|| plan.apply(&model, 1).expect("it goes with matrices"))
        });
    }
    group.finish();
}

criterion_group!(benches, initialize);
criterion_main!(benches);
