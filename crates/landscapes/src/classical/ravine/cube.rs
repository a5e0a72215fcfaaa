use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "cube",
    family: Family::Ravine,
    formula: "100 (y − x³)² + (1 − x)²",
    dims: Dims::Fixed(2),
    note: "Rosenbrock’s valley with a cubic floor.",
    source: "A. Leon, A comparison among eight known optimizing procedures, in Recent Advances in Optimization \
             Techniques, Wiley (1966) 23–46",
    make: |n, _| {
        let facts = Facts::in_cube(n, -2.0, 2.0).start([-1.2, 1.0]).global([1.0, 1.0], 0.0);
        Made::squares(facts, |x| {
            let [x, y] = coordinates(x);
            let cube = x.clone().square() * x.clone();
            Tensor::cat(vec![(y - cube) * 10.0, x - 1.0], 0)
        })
    },
    ..Entry::COMMON
};
