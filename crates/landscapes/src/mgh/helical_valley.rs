use crate::mgh::around;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_helical_valley",
    family: Family::Mgh,
    number: 7,
    formula: "10 (x₃ − 10θ), 10 (r − 1), x₃, θ the polar angle of (x₁, x₂) in turns",
    dims: Dims::Fixed(3),
    smoothness: Smoothness::Jumps(
        "on the half plane x₁ = 0, x₂ < 0, where the angle is cut; on the axis x₁ = x₂ = 0 there is no gradient",
    ),
    source: MGH,
    make: |_, _| {
        let facts = around([-1.0, 0.0, 0.0]).global([1.0, 0.0, 0.0], 0.0);
        Made::squares(facts, |x| {
            let [x, y, z] = coordinates(x);
            let r = root(x.clone().square() + y.clone().square());
            // Between −¼ and ¾, as in the source: the cut is the half plane x₁ = 0, x₂ < 0.
            let turns = x.neg().atan2(y) / TAU + 0.25;
            Tensor::cat(vec![(z.clone() - turns * 10.0) * 10.0, (r - 1.0) * 10.0, z], 0)
        })
    },
    ..Entry::COMMON
};
