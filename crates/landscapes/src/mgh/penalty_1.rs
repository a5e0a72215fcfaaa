use crate::mgh::{around, numbers};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_penalty_1",
    family: Family::Mgh,
    number: 23,
    formula: "√10⁻⁵ (xᵢ − 1), Σ xᵢ² − ¼",
    dims: Dims::from(1, 10),
    source: MGH,
    make: |n, _| {
        let facts = around(numbers(n)).global(vec![best(n); n], value(n, best(n)));
        Made::squares(facts, |x| {
            Tensor::cat(vec![(x.clone() - 1.0) * 1e-5f64.sqrt(), x.square().sum() - 0.25], 0)
        })
    },
    ..Entry::COMMON
};

const WEIGHT: f64 = 1e-5;

/// The value where all coordinates are `x`.
fn value(n: usize, x: f64) -> f64 {
    let n = n as f64;
    WEIGHT * n * (x - 1.0).powi(2) + (n * x * x - 0.25).powi(2)
}

/// The minimum has equal coordinates, `WEIGHT (x − 1) + 2x (nx² − ¼) = 0`; found by Newton's method.
fn best(n: usize) -> f64 {
    let n = n as f64;
    let step = |x: f64, _| {
        let slope = WEIGHT * (x - 1.0) + 2.0 * x * (n * x * x - 0.25);
        x - slope / (WEIGHT + 6.0 * n * x * x - 0.5)
    };
    (0..50).fold(0.5 / n.sqrt(), step)
}
