use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "matyas",
    family: Family::Ravine,
    formula: "0.26 (x² + y²) − 0.48 xy",
    dims: Dims::Fixed(2),
    note: "A quadratic of condition 25.",
    source: JAMIL_YANG,
    make: |n, _| {
        let facts = Facts::in_cube(n, -10.0, 10.0).start([5.0, -5.0]).global([0.0, 0.0], 0.0);
        Made::new(facts, |x| x.clone().square().sum() * 0.26 - x.prod() * 0.48)
    },
    ..Entry::COMMON
};
