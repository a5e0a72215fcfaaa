use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "schwefel_1_2",
    family: Family::Ravine,
    formula: "Σᵢ (x₁ + … + xᵢ)²",
    dims: Dims::from(1, 5),
    note: "Squares of partial sums; condition about 4(2n + 1)²/π².",
    source: SCHWEFEL,
    make: |n, _| {
        let facts = Facts::in_cube(n, -10.0, 10.0).start(vec![1.0; n]).global(vec![0.0; n], 0.0);
        Made::squares(facts, |x| x.cumsum(0))
    },
    ..Entry::COMMON
};
