use crate::classical::ravine::beale::residuals;
use crate::mgh::around;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_beale",
    family: Family::Mgh,
    number: 5,
    formula: "yᵢ − x₁ (1 − x₂ⁱ), y = 1.5, 2.25, 2.625",
    dims: Dims::Fixed(2),
    source: MGH,
    make: |_, _| {
        let facts = around([1.0, 1.0]).global([3.0, 0.5], 0.0);
        Made::squares(facts, residuals)
    },
    ..Entry::COMMON
};
