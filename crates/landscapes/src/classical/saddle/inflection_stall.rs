use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "inflection_stall",
    family: Family::Saddle,
    formula: "x⁴/4 + x³/3 + y²/2",
    dims: Dims::Fixed(2),
    note: "A stall from one side: descent from x > 0 crawls to the origin, where the eigenvalues are 0 and 1.",
    source: "this project",
    make: |n, _| {
        let facts = Facts::in_cube(n, -2.0, 2.0).start([1.0, 1.0]).global([-1.0, 0.0], -1.0 / 12.0).saddle(
            [0.0, 0.0],
            0.0,
            0,
            1,
        );
        Made::new(facts, |x| {
            let [x, y] = coordinates(x);
            x.clone().square() * x.clone() * (x * 0.25 + 1.0 / 3.0) + y.square() * 0.5
        })
    },
    ..Entry::COMMON
};
