use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "holder_table",
    family: Family::Multimodal,
    formula: "−|sin x cos y exp|1 − r/π||",
    dims: Dims::Fixed(2),
    smoothness: Smoothness::Kinks(
        "where sin x or cos y is zero, on the circle r = π and at the origin, where the derivative 0 is taken",
    ),
    note: "Four equal minima near the corners of the box, between kinks on a grid.",
    source: MISHRA,
    make: |n, _| {
        let (a, b, lowest) = (8.055023475736563, 9.664590019241272, -19.208502567886732);
        let corners = [[a, b], [a, -b], [-a, b], [-a, -b]];
        let facts = Facts::in_cube(n, -10.0, 10.0).start([1.0, 2.0]).lowest(Lowest::InBox(lowest));
        let facts = corners.into_iter().fold(facts, |facts, corner| facts.minimum(corner, lowest));
        Made::new(facts, |x| {
            let rise = (norm(x.clone()) / PI - 1.0).abs().exp();
            let [x, y] = coordinates(x);
            (x.sin() * y.cos() * rise).abs().neg()
        })
    },
    ..Entry::COMMON
};
