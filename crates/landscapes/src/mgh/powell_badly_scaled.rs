use crate::classical::ravine::powell_badly_scaled::residuals;
use crate::mgh::around;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_powell_badly_scaled",
    family: Family::Mgh,
    number: 3,
    formula: "10⁴ x₁x₂ − 1, e^(−x₁) + e^(−x₂) − 1.0001",
    dims: Dims::Fixed(2),
    source: MGH,
    make: |_, _| {
        let facts = around([0.0, 1.0]).global([1.0981593296998175e-05, 9.106146739866524], 0.0);
        Made::squares(facts, residuals)
    },
    ..Entry::COMMON
};
