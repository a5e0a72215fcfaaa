use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "three_hump_camel",
    family: Family::Multimodal,
    formula: "2x² − 1.05x⁴ + x⁶/6 + xy + y²",
    dims: Dims::Fixed(2),
    note: "Three minima and two saddles: all critical points that there are.",
    source: JAMIL_YANG,
    make: |n, _| {
        let facts = Facts::in_cube(n, -5.0, 5.0)
            .start([2.0, 2.0])
            .global([0.0, 0.0], 0.0)
            .minimum([-1.7475523458302888, 0.8737761729151444], 0.2986384422368598)
            .minimum([1.7475523458302888, -0.8737761729151444], 0.2986384422368598)
            .saddle([-1.0705422918236598, 0.5352711459118299], 0.8773615577631402, 1, 0)
            .saddle([1.0705422918236598, -0.5352711459118299], 0.8773615577631402, 1, 0);
        Made::new(facts, |x| {
            let [x, y] = coordinates(x);
            let x2 = x.clone().square();
            x2.clone() * (x2.clone() * (x2 / 6.0 - 1.05) + 2.0) + (x + y.clone()) * y
        })
    },
    ..Entry::COMMON
};
