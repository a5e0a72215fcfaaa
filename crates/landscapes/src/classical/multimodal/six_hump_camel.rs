use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "six_hump_camel",
    family: Family::Multimodal,
    formula: "(4 − 2.1x² + x⁴/3) x² + xy + (4y² − 4) y²",
    dims: Dims::Fixed(2),
    note: "Six minima in three pairs, seven saddles and two maxima: all critical points in the box.",
    source: DIXON_SZEGO,
    make: |_, _| {
        let facts =
            Facts::in_box(vec![[-3.0, 3.0], [-2.0, 2.0]]).start([-1.0, 1.0]).saddle([0.0, 0.0], 0.0, 1, 0);
        let pair = |facts: Facts, x: f64, y: f64, value: f64, index: usize| match index {
            0 => facts.minimum([x, y], value).minimum([-x, -y], value),
            index => facts.saddle([x, y], value, index, 0).saddle([-x, -y], value, index, 0),
        };
        let facts = PAIRS.iter().fold(facts, |facts, (x, y, value, index)| pair(facts, *x, *y, *value, *index));
        Made::new(facts.lowest(Lowest::Everywhere(PAIRS[0].2)), |x| {
            let [x, y] = coordinates(x);
            let (x2, y2) = (x.clone().square(), y.clone().square());
            x2.clone() * (x2.clone() * (x2 / 3.0 - 2.1) + 4.0) + x * y + y2.clone() * (y2 - 1.0) * 4.0
        })
    },
    ..Entry::COMMON
};

/// Coordinates, value and index of one critical point of each pair ±(x, y).
const PAIRS: [(f64, f64, f64, usize); 7] = [
    (-0.08984201310031806, 0.7126564030207396, -1.0316284534898774, 0),
    (-1.7036067149699812, 0.7960835686726251, -0.21546382438371658, 0),
    (1.607104752920198, 0.5686514548841313, 2.104250310311257, 0),
    (-1.1092053368047863, 0.7682680925095399, 0.5437186009781851, 1),
    (-1.6380679841897787, -0.2286740690443941, 2.229357197530713, 1),
    (1.2960702671671092, 0.6050843880386585, 2.229470818029859, 1),
    (-1.2302298765166526, -0.16233458445899496, 2.4962953510235764, 2),
];
