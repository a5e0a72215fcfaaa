use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "trid",
    family: Family::Ravine,
    formula: "Σ (xᵢ − 1)² − Σ xᵢ xᵢ₋₁",
    dims: Dims::from(2, 5),
    note: "A convex quadratic whose minimum is far from the start: xᵢ = i (n + 1 − i).",
    source: SURJANOVIC_BINGHAM,
    make: |n, _| {
        let (size, width) = (n as f64, (n * n) as f64);
        let minimum = weights(n, |i| (i + 1.0) * (size - i));
        let lowest = -size * (size + 4.0) * (size - 1.0) / 6.0;
        let facts = Facts::in_cube(n, -width, width).start(vec![0.0; n]).global(minimum, lowest);
        Made::new(facts, |x| {
            let products = (head(&x, 1) * tail(&x, 1)).sum();
            (x - 1.0).square().sum() - products
        })
    },
    ..Entry::COMMON
};
