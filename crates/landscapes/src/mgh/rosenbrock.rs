use crate::mgh::around;
use crate::mgh::extended_rosenbrock::residuals;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_rosenbrock",
    family: Family::Mgh,
    number: 1,
    formula: "10 (x₂ − x₁²), 1 − x₁",
    dims: Dims::Fixed(2),
    source: MGH,
    make: |_, _| {
        let facts = around([-1.2, 1.0]).global([1.0, 1.0], 0.0);
        Made::squares(facts, residuals)
    },
    ..Entry::COMMON
};
