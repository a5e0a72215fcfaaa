use crate::prelude::*;

/// The second minimum of the chained form for the numbers of coordinates at which it is stated; there is one near
/// (−1, 1, …, 1) from 4 coordinates on.
const SECOND: &[(&[f64], f64)] = &[(
    &[
        -0.9932633728563689,
        0.9966060394434352,
        0.9982406113911125,
        0.9989884337678007,
        0.999226153439665,
        0.9990736481633443,
        0.9984541774029088,
        0.9970562516630377,
        0.9941793752280661,
        0.9883926301288679,
    ],
    3.986579112347138,
)];

pub(crate) const ENTRY: Entry = Entry {
    name: "rosenbrock",
    family: Family::Ravine,
    formula: "Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²",
    dims: Dims::from(2, 2),
    note: "A curved valley with a flat floor; condition 2508 at the minimum in two dimensions. From 4 coordinates on there \
           is a second minimum near (−1, 1, …, 1).",
    source: "H. H. Rosenbrock, An automatic method for finding the greatest or least value of a function, The Computer \
             Journal 3 (1960) 175–184; S. Kok and C. Sandrock, Locating and characterizing the stationary points of the \
             extended Rosenbrock function, Evolutionary Computation 17 (2009) 437–453",
    aliases: &[("rosenbrock_10d", &[("n", 10.0)])],
    make: |n, _| {
        let start = weights(n, |i| if i % 2.0 == 0.0 { -1.2 } else { 1.0 });
        let facts = Facts::in_cube(n, -2.048, 2.048).start(start).global(vec![1.0; n], 0.0);
        let second = SECOND.iter().filter(|(x, _)| x.len() == n);
        let facts = second.fold(facts, |facts, (x, value)| facts.minimum(*x, *value));
        Made::new(facts, value)
    },
    ..Entry::COMMON
};

pub(crate) fn value(x: Tensor<1>) -> Tensor<1> {
    let (head, tail) = (head(&x, 1), tail(&x, 1));
    ((tail - head.clone().square()).square() * 100.0 + (head - 1.0).square()).sum()
}
