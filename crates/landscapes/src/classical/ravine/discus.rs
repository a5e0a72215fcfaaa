use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "discus",
    family: Family::Ravine,
    formula: "10⁶ x₁² + Σ_{i>1} xᵢ²",
    dims: Dims::from(2, 5),
    note: "One direction is a million times steeper than all others.",
    source: "f11 of BBOB without its distortion",
    make: |n, _| {
        let facts = Facts::in_cube(n, -5.0, 5.0).start(vec![1.0; n]).global(vec![0.0; n], 0.0);
        Made::new(facts, |x| {
            let squares = x.square();
            squares.clone().slice(0..1) * 1e6 + tail(&squares, 1).sum()
        })
    },
    ..Entry::COMMON
};
