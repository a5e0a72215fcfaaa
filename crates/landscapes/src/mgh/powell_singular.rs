use crate::mgh::around;
use crate::mgh::extended_powell_singular::residuals;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_powell_singular",
    family: Family::Mgh,
    number: 13,
    formula: "x₁ + 10x₂, √5 (x₃ − x₄), (x₂ − 2x₃)², √10 (x₁ − x₄)²",
    dims: Dims::Fixed(4),
    source: MGH,
    make: |_, _| {
        let facts =
            around([3.0, -1.0, 0.0, 1.0]).flat_minimum([0.0; 4], 0.0, 2).lowest(Lowest::Everywhere(0.0));
        Made::squares(facts, residuals)
    },
    ..Entry::COMMON
};
