use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bent_cigar",
    family: Family::Ravine,
    formula: "x₁² + 10⁶ Σ_{i>1} xᵢ²",
    dims: Dims::from(2, 5),
    note: "One direction is a million times flatter than all others.",
    source: "f12 of BBOB without its bend",
    make: |n, _| {
        let facts = Facts::in_cube(n, -5.0, 5.0).start(vec![1.0; n]).global(vec![0.0; n], 0.0);
        Made::new(facts, |x| {
            let squares = x.square();
            squares.clone().slice(0..1) + tail(&squares, 1).sum() * 1e6
        })
    },
    ..Entry::COMMON
};
