use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "gaussian_hole",
    family: Family::Plateau,
    formula: "1 − exp(−‖x‖²/2) + 10⁻³ ‖x‖²",
    dims: Dims::from(1, 5),
    note: "A narrow well in a very shallow bowl.",
    source: "this project",
    make: |n, _| {
        let facts = Facts::in_cube(n, -6.0, 6.0).start(vec![3.0; n]).global(vec![0.0; n], 0.0);
        Made::new(facts, |x| {
            let r2 = x.square().sum();
            r2.clone() * 1e-3 - (r2 * -0.5).exp() + 1.0
        })
    },
    ..Entry::COMMON
};
