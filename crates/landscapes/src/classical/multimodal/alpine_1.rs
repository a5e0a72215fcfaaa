use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "alpine_1",
    family: Family::Multimodal,
    formula: "Σ |xᵢ sin xᵢ + xᵢ/10|",
    dims: Dims::from(1, 5),
    smoothness: Smoothness::Kinks(
        "where xᵢ sin xᵢ + xᵢ/10 is zero, where the derivative 0 of that term is taken",
    ),
    note: "Kinks on a grid: the value is zero wherever each coordinate is zero or has the sine −0.1.",
    source: JAMIL_YANG,
    make: |n, _| {
        let facts = Facts::in_cube(n, -10.0, 10.0).start(vec![5.0; n]).kink(vec![0.0; n], 0.0);
        Made::new(facts.lowest(Lowest::Everywhere(0.0)), |x| (x.clone() * (x.sin() + 0.1)).abs().sum())
    },
    ..Entry::COMMON
};
