use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "easom",
    family: Family::Plateau,
    formula: "−cos x cos y exp(−(x − π)² − (y − π)²)",
    dims: Dims::Fixed(2),
    note: "One well in a plain: the gradient is under 10⁻²⁰ at a distance of 7, and exactly zero in f32 from a \
           distance of 10.2 on.",
    source: "E. E. Easom, A survey of global optimization techniques, M. Eng. thesis, University of Louisville \
             (1990)",
    make: |n, _| {
        let facts = Facts::in_cube(n, -10.0, 10.0).start([1.0, 1.0]).global([PI, PI], -1.0);
        Made::new(facts, |x| {
            let well = (x.clone() - PI).square().sum().neg().exp();
            x.cos().prod().neg() * well
        })
    },
    ..Entry::COMMON
};
