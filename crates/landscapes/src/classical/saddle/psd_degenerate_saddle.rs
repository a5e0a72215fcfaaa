use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "psd_degenerate_saddle",
    family: Family::Saddle,
    formula: "x²/2 − y⁴/4 + y⁶/6",
    dims: Dims::Fixed(2),
    note: "The Hessian at the saddle is diag(1, 0), so that it passes a test of second order.",
    source: "this project",
    make: |n, _| {
        let facts = Facts::in_cube(n, -2.0, 2.0)
            .start([1.0, 0.0])
            .global([0.0, 1.0], -1.0 / 12.0)
            .minimum([0.0, -1.0], -1.0 / 12.0)
            .saddle([0.0, 0.0], 0.0, 0, 1);
        Made::new(facts, |x| {
            let [x, y] = coordinates(x);
            let y = y.square();
            x.square() * 0.5 + y.clone().square() * (y / 6.0 - 0.25)
        })
    },
    ..Entry::COMMON
};
