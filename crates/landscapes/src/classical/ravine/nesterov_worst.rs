use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "nesterov_worst",
    family: Family::Ravine,
    formula: "½ (x₁² + Σ (xᵢ − xᵢ₊₁)² + xₙ²) − x₁",
    dims: Dims::from(2, 10),
    note: "The quadratic of the lower bound for first-order methods: information travels one coordinate a \
           step; condition cot²(π/(2n + 2)).",
    source: "Yu. Nesterov, Introductory Lectures on Convex Optimization, Kluwer (2004), section 2.1",
    make: |n, _| {
        let minimum = weights(n, |i| 1.0 - (i + 1.0) / (n as f64 + 1.0));
        let lowest = -0.5 * n as f64 / (n as f64 + 1.0);
        let facts = Facts::in_cube(n, -2.0, 2.0).start(vec![0.0; n]).global(minimum, lowest);
        Made::new(facts, move |x| {
            let (first, last) = (x.clone().slice(0..1), x.clone().slice(n - 1..n));
            let steps = (head(&x, 1) - tail(&x, 1)).square().sum();
            (first.clone().square() + steps + last.square()) * 0.5 - first
        })
    },
    ..Entry::COMMON
};
