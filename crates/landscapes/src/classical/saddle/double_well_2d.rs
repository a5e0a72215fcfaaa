use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "double_well_2d",
    family: Family::Saddle,
    formula: "x²/2 − y²/2 + y⁴/4",
    dims: Dims::Fixed(2),
    note: "A strict saddle with eigenvalues 1 and −1 between two wells; the axis y = 0 is its stable manifold.",
    source: "textbook",
    make: |n, _| {
        let facts = Facts::in_cube(n, -2.0, 2.0)
            .start([1.0, 0.0])
            .global([0.0, 1.0], -0.25)
            .minimum([0.0, -1.0], -0.25)
            .saddle([0.0, 0.0], 0.0, 1, 0);
        Made::new(facts, |x| {
            let [x, y] = coordinates(x);
            let y = y.square();
            (x.square() - y.clone()) * 0.5 + y.square() * 0.25
        })
    },
    ..Entry::COMMON
};
