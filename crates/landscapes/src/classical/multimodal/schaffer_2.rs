use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "schaffer_2",
    family: Family::Multimodal,
    formula: "½ + (sin²(x² − y²) − ½)/(1 + 0.001 r²)²",
    dims: Dims::Fixed(2),
    note: "Rings whose height falls slowly towards the minimum.",
    source: JAMIL_YANG,
    make: |n, _| {
        let facts = Facts::in_cube(n, -10.0, 10.0).start([3.0, 4.0]).global([0.0, 0.0], 0.0);
        Made::new(facts, |x| {
            let [x2, y2] = coordinates(x.square());
            let fall = ((x2.clone() + y2.clone()) * 0.001 + 1.0).square();
            (sin2(x2 - y2) - 0.5) / fall + 0.5
        })
    },
    ..Entry::COMMON
};
