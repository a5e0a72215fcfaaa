use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "quartic_flat",
    family: Family::Plateau,
    formula: "Σ xᵢ⁴",
    dims: Dims::from(1, 5),
    note: "The Hessian is zero at the minimum, so that every method of first order converges sublinearly; the \
           f32 gradient underflows below |x| = 10⁻¹³.",
    source: "textbook",
    make: |n, _| {
        let facts = Facts::in_cube(n, -2.0, 2.0)
            .start(vec![1.0; n])
            .flat_minimum(vec![0.0; n], 0.0, n)
            .lowest(Lowest::Everywhere(0.0));
        Made::squares(facts, |x| x.square())
    },
    ..Entry::COMMON
};
