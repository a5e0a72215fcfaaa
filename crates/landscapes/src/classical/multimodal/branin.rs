use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "branin",
    family: Family::Multimodal,
    formula: "(y − 5.1x²/4π² + 5x/π − 6)² + 10 (1 − 1/8π) cos x + 10",
    dims: Dims::Fixed(2),
    note: "Three minima of the same value.",
    source: DIXON_SZEGO,
    make: |_, _| {
        let (lowest, between) = (0.39788735772973816, 19.602112642270264);
        let facts = Facts::in_box(vec![[-5.0, 10.0], [0.0, 15.0]])
            .start([2.5, 7.5])
            .global([-PI, 12.275], lowest)
            .minimum([PI, 2.275], lowest)
            .minimum([3.0 * PI, 2.475], lowest)
            .saddle([0.0, 6.0], between, 1, 0)
            .saddle([TAU, 1.1], between, 1, 0);
        Made::new(facts, |x| {
            let [x, y] = coordinates(x);
            let valley = y + x.clone() * (x.clone() * (-5.1 / (4.0 * PI * PI)) + 5.0 / PI) - 6.0;
            valley.square() + x.cos() * (10.0 - 10.0 / (8.0 * PI)) + 10.0
        })
    },
    ..Entry::COMMON
};
