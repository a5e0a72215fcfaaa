use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "two_layer_scalar",
    family: Family::Saddle,
    formula: "(uv − 1)²/2",
    dims: Dims::Fixed(2),
    note: "The smallest linear network. Minima are the hyperbola uv = 1, of sharpness u² + v², flattest where \
           |u| = |v| = 1; the origin is a strict saddle with eigenvalues ±1.",
    source: "textbook",
    make: |n, _| {
        let facts = Facts::in_cube(n, -2.0, 2.0)
            .start([0.01, -0.02])
            .flat_minimum([1.0, 1.0], 0.0, 1)
            .flat_minimum([-1.0, -1.0], 0.0, 1)
            .saddle([0.0, 0.0], 0.5, 1, 0);
        Made::new(facts.lowest(Lowest::Everywhere(0.0)), |x| {
            let [u, v] = coordinates(x);
            (u * v - 1.0).square() * 0.5
        })
    },
    ..Entry::COMMON
};
