use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "zakharov",
    family: Family::Ravine,
    formula: "‖x‖² + s² + s⁴, s = ½ Σ i xᵢ",
    dims: Dims::from(1, 5),
    note: "Shaped like a plate, steep across one direction.",
    source: JAMIL_YANG,
    make: |n, _| {
        let facts = Facts::in_cube(n, -5.0, 10.0).start(vec![1.0; n]).global(vec![0.0; n], 0.0);
        Made::new(facts, move |x| {
            let halves = constant(weights(n, |i| (i + 1.0) / 2.0), &x);
            let s2 = (x.clone() * halves).sum().square();
            x.square().sum() + s2.clone() * (s2 + 1.0)
        })
    },
    ..Entry::COMMON
};
