use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "monkey_saddle",
    family: Family::Saddle,
    formula: "x³ − 3xy², the real part of (x + iy)³",
    dims: Dims::Fixed(2),
    note: "Three valleys and three ridges meet at the origin, where the Hessian is zero.",
    source: "textbook",
    make: |n, _| {
        let facts = Facts::in_cube(n, -2.0, 2.0).saddle([0.0, 0.0], 0.0, 0, 2).lowest(Lowest::Unbounded);
        Made::new(facts, |x| {
            let [x, y] = coordinates(x);
            x.clone() * (x.square() - y.square() * 3.0)
        })
    },
    ..Entry::COMMON
};
