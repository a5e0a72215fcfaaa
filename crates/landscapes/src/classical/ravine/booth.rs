use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "booth",
    family: Family::Ravine,
    formula: "(x + 2y − 7)² + (2x + y − 5)²",
    dims: Dims::Fixed(2),
    note: "A quadratic of condition 9.",
    source: JAMIL_YANG,
    make: |n, _| {
        let facts = Facts::in_cube(n, -10.0, 10.0).start([0.0, 0.0]).global([1.0, 3.0], 0.0);
        Made::squares(facts, |x| {
            let [x, y] = coordinates(x);
            Tensor::cat(vec![x.clone() + y.clone() * 2.0 - 7.0, x * 2.0 + y - 5.0], 0)
        })
    },
    ..Entry::COMMON
};
