use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "schwefel_2_26",
    family: Family::Multimodal,
    formula: "418.98… n − Σ xᵢ sin √|xᵢ|",
    dims: Dims::from(1, 5),
    smoothness: Smoothness::Once("where a coordinate is zero"),
    note: "Deceptive: the lowest minimum is at a corner of the box, far from the next best. Outside of the box \
           there are lower values.",
    source: SCHWEFEL,
    make: |n, _| {
        let facts = Facts::in_cube(n, -500.0, 500.0)
            .start(vec![100.0; n])
            .minimum(vec![420.96874635998205; n], 0.0)
            .lowest(Lowest::InBox(0.0));
        Made::new(facts, |x| (x.clone() * root(x.abs()).sin() - 418.9828872724338).sum().neg())
    },
    ..Entry::COMMON
};
