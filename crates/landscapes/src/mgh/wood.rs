use crate::classical::ravine::wood::residuals;
use crate::mgh::around;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_wood",
    family: Family::Mgh,
    number: 14,
    formula: "10 (x₂ − x₁²), 1 − x₁, √90 (x₄ − x₃²), 1 − x₃, √10 (x₂ + x₄ − 2), (x₂ − x₄)/√10",
    dims: Dims::Fixed(4),
    source: MGH,
    make: |_, _| {
        let facts = around([-3.0, -1.0, -3.0, -1.0]).global([1.0; 4], 0.0).saddle(
            [-0.9679740249375931, 0.9471391408178418, -0.9695163103315911, 0.9512476657923252],
            7.876967165176867,
            1,
            0,
        );
        Made::squares(facts, residuals)
    },
    ..Entry::COMMON
};
