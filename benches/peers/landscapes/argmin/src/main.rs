//! Value and gradient of the functions that `argmin_testfunctions` has, by its hand-written derivatives, in f64 on one
//! thread: the same work as `cargo bench -p thalweg-benches --bench landscapes`. Run it with `cargo run --release`.

use std::hint::black_box;
use std::time::Instant;

use argmin_testfunctions::{rastrigin, rastrigin_derivative, rosenbrock, rosenbrock_derivative};

const LANES: usize = 1024;

/// Points in the box by a linear congruential generator, since only their number matters.
fn points(n: usize) -> Vec<Vec<f64>> {
    let mut state = 1u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        4.0 * (state >> 11) as f64 / (1u64 << 53) as f64 - 2.0
    };
    (0..LANES).map(|_| (0..n).map(|_| draw()).collect()).collect()
}

/// The median time of a run in nanoseconds, over runs of about a second together.
fn median(mut run: impl FnMut()) -> f64 {
    let start = Instant::now();
    let mut times = vec![];
    while start.elapsed().as_secs_f64() < 1.0 {
        let begin = Instant::now();
        run();
        times.push(begin.elapsed().as_secs_f64() * 1e9);
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn measure(name: &str, f: fn(&[f64]) -> f64, gradient: fn(&[f64]) -> Vec<f64>) {
    for n in [2, 20, 40] {
        let points = points(n);
        let all = median(|| {
            for x in &points {
                black_box((f(black_box(x)), gradient(black_box(x))));
            }
        });
        println!(
            "{name:<12} n = {n:<3} {:>9.1} ns a point, {:>9.1} µs for {LANES}",
            all / LANES as f64,
            all / 1e3
        );
    }
}

fn main() {
    measure("rosenbrock", rosenbrock, rosenbrock_derivative);
    measure("rastrigin", rastrigin, rastrigin_derivative);
}
