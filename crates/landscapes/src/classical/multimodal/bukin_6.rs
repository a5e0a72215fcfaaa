use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bukin_6",
    family: Family::Multimodal,
    formula: "100 √|y − x²/100| + |x + 10|/100",
    dims: Dims::Fixed(2),
    smoothness: Smoothness::Kinks(
        "on the floor y = x²/100, and where x = −10; the derivative 0 of that term is taken",
    ),
    note: "The floor of the valley is a knife’s edge: the slope across it is infinite.",
    source: "A. D. Bukin, New minimization strategy for non-smooth functions, Budker Institute of Nuclear \
             Physics 97-79 (1997)",
    make: |_, _| {
        let facts = Facts::in_box(vec![[-15.0, -5.0], [-3.0, 3.0]]).start([-6.0, 2.0]).kink([-10.0, 1.0], 0.0);
        Made::new(facts.lowest(Lowest::Everywhere(0.0)), |x| {
            let [x, y] = coordinates(x);
            let floor = (y - x.clone().square() * 0.01).abs();
            root(floor) * 100.0 + (x + 10.0).abs() * 0.01
        })
    },
    ..Entry::COMMON
};
