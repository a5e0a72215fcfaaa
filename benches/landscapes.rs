//! Value and gradient of landscapes, at one point and at 1,024 points at once: `cargo bench -p thalweg-benches --bench landscapes`.
//!
//! * `compiled`: `compile(value_and_grad(f))`, and of `vmap(value_and_grad(f))` for many points.
//! * `traced`: the same graphs, run op by op on flex.
//! * `value`: `compile(vmap(f))`, to be held against `cocoex`, which has no gradients.
//!
//! What `argmin_testfunctions`, with derivatives written by hand, and `cocoex` take for the same work is measured by
//! `benches/peers/landscapes`.

use std::time::Duration;

use burn::tensor::{DType, Device, Tensor};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use thalweg::autodiff::{trace, value_and_grad, vmap};
use thalweg::cpu::compile;
use thalweg::landscapes::{Landscape, parse};

const LANES: usize = 1024;
const DIMENSIONS: [usize; 3] = [2, 20, 40];

/// Rosenbrock, a rotated ellipsoid, Rastrigin, and three of BBOB: one with all transformations, one with a sum of many
/// octaves, one with many peaks.
fn landscapes(n: usize) -> Vec<(&'static str, Landscape)> {
    let text = |name, text: String| (name, parse(&text).expect("a landscape of the registry"));
    vec![
        text("rosenbrock", format!("rosenbrock(n={n})")),
        text("rotated_ellipsoid", format!("rotate(ellipsoid(n={n}), seed=1)")),
        text("rastrigin", format!("rastrigin(n={n})")),
        text("bbob_15", format!("bbob(f=15, dim={n})")),
        text("bbob_16", format!("bbob(f=16, dim={n})")),
        text("bbob_21", format!("bbob(f=21, dim={n})")),
    ]
}

fn one_point(c: &mut Criterion) {
    for n in DIMENSIONS {
        for (name, landscape) in landscapes(n) {
            let mut group = c.benchmark_group(format!("{name}/one"));
            group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
            group.throughput(Throughput::Elements(1));
            let x: Tensor<1> = landscape.starts(1, 1, &Device::flex(), DType::F64).reshape([n]);
            let f = |x: Tensor<1>| landscape.value(x);
            let compiled = compile(value_and_grad(f), &x).expect("it compiles");
            let traced = trace(value_and_grad(f), &x).expect("it traces");
            group.bench_function(BenchmarkId::new("compiled", n), |b| b.iter(|| compiled.call(&x)));
            group.bench_function(BenchmarkId::new("traced", n), |b| b.iter(|| traced.call(&x)));
        }
    }
}

fn many_points(c: &mut Criterion) {
    for n in DIMENSIONS {
        for (name, landscape) in landscapes(n) {
            let mut group = c.benchmark_group(format!("{name}/{LANES}"));
            group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
            group.throughput(Throughput::Elements(LANES as u64));
            let xs: Tensor<2> = landscape.starts(LANES, 1, &Device::flex(), DType::F64);
            let f = |x: Tensor<1>| landscape.value(x);
            let values = |xs: Tensor<2>| vmap::<_, _, _, _, Tensor<2>>(f)(&xs);
            let both = |xs: Tensor<2>| vmap::<_, _, _, _, (Tensor<2>, Tensor<2>)>(value_and_grad(f))(&xs);
            let compiled = compile(both, &xs).expect("it compiles");
            let traced = trace(both, &xs).expect("it traces");
            let value = compile(values, &xs).expect("it compiles");
            group.bench_function(BenchmarkId::new("compiled", n), |b| b.iter(|| compiled.call(&xs)));
            group.bench_function(BenchmarkId::new("traced", n), |b| b.iter(|| traced.call(&xs)));
            group.bench_function(BenchmarkId::new("value", n), |b| b.iter(|| value.call(&xs)));
        }
    }
}

criterion_group!(benches, one_point, many_points);
criterion_main!(benches);
