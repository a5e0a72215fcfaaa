use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "tanh_flats",
    family: Family::Plateau,
    formula: "Σ tanh² xᵢ",
    dims: Dims::from(1, 5),
    note: "Saturation: the gradient decays as 8 exp(−2|x|), and in f32 is exactly zero from |x| = 9 on.",
    source: "this project",
    make: |n, _| {
        let facts = Facts::in_cube(n, -6.0, 6.0).start(vec![4.0; n]).global(vec![0.0; n], 0.0);
        Made::squares(facts, |x| x.tanh())
    },
    ..Entry::COMMON
};
