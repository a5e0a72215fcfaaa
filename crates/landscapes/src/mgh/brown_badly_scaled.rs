use crate::classical::ravine::brown_badly_scaled::residuals;
use crate::mgh::around;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_brown_badly_scaled",
    family: Family::Mgh,
    number: 4,
    formula: "x₁ − 10⁶, x₂ − 2·10⁻⁶, x₁x₂ − 2",
    dims: Dims::Fixed(2),
    source: MGH,
    make: |_, _| {
        let facts = around([1.0, 1.0]).global([1e6, 2e-6], 0.0);
        Made::squares(facts, residuals)
    },
    ..Entry::COMMON
};
