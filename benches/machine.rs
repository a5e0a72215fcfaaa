//! What this machine can do at most, to hold other figures to: `cargo bench -p thalweg-benches --bench machine`.
//!
//! Each iteration is a billion operations of fused multiply–adds in f32 on each thread, all in registers: by vectors of AVX-512
//! or AVX2 where the CPU has them, else by what the compiler makes of single numbers.

use std::hint::black_box;
use std::thread;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const OPERATIONS: usize = 1_000_000_000;

/// Vectors that do not wait for each other: more than a CPU has units times the cycles of an operation, and fewer than it has
/// registers.
const CHAINS: usize = 12;

/// `x·a + b` again and again in each chain, where an operation is one of a vector of so many `lanes`; `a` and `b` keep the
/// numbers near one.
#[inline(always)]
fn chains<V: Copy>(one: V, lanes: usize, next: impl Fn(V) -> V) -> [V; CHAINS] {
    let mut all = [one; CHAINS];
    for _ in 0..OPERATIONS / (2 * lanes * CHAINS) {
        for x in &mut all {
            *x = next(*x);
        }
    }
    all
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;
    use std::hint::black_box;

    use super::chains;

    #[target_feature(enable = "avx512f")]
    pub fn avx512(a: f32, b: f32) {
        let (a, b) = (_mm512_set1_ps(a), _mm512_set1_ps(b));
        black_box(chains(_mm512_set1_ps(1.0), 16, |x| _mm512_fmadd_ps(x, a, b)));
    }

    #[target_feature(enable = "avx2,fma")]
    pub fn avx2(a: f32, b: f32) {
        let (a, b) = (_mm256_set1_ps(a), _mm256_set1_ps(b));
        black_box(chains(_mm256_set1_ps(1.0), 8, |x| _mm256_fmadd_ps(x, a, b)));
    }
}

fn multiply_add() {
    let (a, b) = black_box((0.999, 0.001));
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: the CPU has these instructions.
            return unsafe { x86::avx512(a, b) };
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            // SAFETY: as above.
            return unsafe { x86::avx2(a, b) };
        }
    }
    black_box(chains(1.0_f32, 1, |x| x.mul_add(a, b)));
}

fn operations(c: &mut Criterion) {
    let all = thread::available_parallelism().map_or(1, usize::from);
    let mut group = c.benchmark_group("machine");
    group.sample_size(20).measurement_time(Duration::from_secs(3));
    for (name, threads) in [("one thread", 1), ("all threads", all)] {
        group.throughput(Throughput::Elements((threads * OPERATIONS) as u64));
        group.bench_function(BenchmarkId::new("a billion operations on each thread", name), |bench| {
            bench.iter(|| {
                thread::scope(|scope| {
                    (1..threads).for_each(|_| drop(scope.spawn(multiply_add)));
                    multiply_add();
                })
            });
        });
    }
    group.finish();
}

criterion_group!(benches, operations);
criterion_main!(benches);
