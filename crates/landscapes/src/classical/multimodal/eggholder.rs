use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "eggholder",
    family: Family::Multimodal,
    formula: "−(y + 47) sin √|x/2 + y + 47| − x sin √|x − y − 47|",
    dims: Dims::Fixed(2),
    smoothness: Smoothness::Kinks(
        "on the lines where a root is zero the slope is infinite; the derivative 0 of the root is taken",
    ),
    note: "The lowest value in the box is on its edge; outside there are lower ones.",
    source: JAMIL_YANG,
    make: |n, _| {
        let facts = Facts::in_cube(n, -512.0, 512.0)
            .start([0.0, 0.0])
            .edge([512.0, 404.2318051137579], -959.6406627208509)
            .lowest(Lowest::InBox(-959.6406627208509));
        Made::new(facts, |x| {
            let [x, y] = coordinates(x);
            let y = y + 47.0;
            let (a, b) = (x.clone() * 0.5 + y.clone(), x.clone() - y.clone());
            (y * root(a.abs()).sin() + x * root(b.abs()).sin()).neg()
        })
    },
    ..Entry::COMMON
};
