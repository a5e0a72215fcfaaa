use crate::classical::ravine::helical_valley::residuals;
use crate::mgh::around;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_helical_valley",
    family: Family::Mgh,
    number: 7,
    formula: "10 (x₃ − 10θ), 10 (r − 1), x₃, θ the polar angle of (x₁, x₂) in turns",
    dims: Dims::Fixed(3),
    smoothness: Smoothness::Jumps(
        "on the half plane x₁ = 0, x₂ < 0, where the angle is cut; on the axis x₁ = x₂ = 0 there is no \
         gradient",
    ),
    source: MGH,
    make: |_, _| {
        let facts = around([-1.0, 0.0, 0.0]).global([1.0, 0.0, 0.0], 0.0);
        Made::squares(facts, residuals)
    },
    ..Entry::COMMON
};
