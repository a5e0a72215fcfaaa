use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "levy_13",
    family: Family::Multimodal,
    formula: "sin² 3πx + (x − 1)² (1 + sin² 3πy) + (y − 1)² (1 + sin² 2πy)",
    dims: Dims::Fixed(2),
    note: "Ripples of two frequencies over a bowl.",
    source: SURJANOVIC_BINGHAM,
    make: |n, _| {
        let facts = Facts::in_cube(n, -10.0, 10.0).start([-4.0, 5.0]).global([1.0, 1.0], 0.0);
        // With u = x − 1, since sin² has period π.
        Made::new(facts, |x| {
            let [u, v] = coordinates(x - 1.0);
            sin2(u.clone() * (3.0 * PI))
                + u.square() * (sin2(v.clone() * (3.0 * PI)) + 1.0)
                + v.clone().square() * (sin2(v * TAU) + 1.0)
        })
    },
    ..Entry::COMMON
};
