use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "shubert",
    family: Family::Multimodal,
    formula: "Πᵢ Σ_{k=1..5} k cos((k + 1) xᵢ + k)",
    dims: Dims::Fixed(2),
    note: "760 minima in the box, of which 18 are lowest.",
    source: "B. O. Shubert, A sequential method seeking the global maximum of a function, SIAM Journal on Numerical Analysis 9 (1972) 379–388",
    make: |n, _| {
        let (a, b, lowest) = (-0.8003211004719731, -7.708313735499347, -186.73090883102384);
        let facts =
            Facts::in_cube(n, -10.0, 10.0).start([0.0, 0.0]).global([a, b], lowest).minimum([b, a], lowest);
        Made::new(facts, |x| {
            let wave = |k: f64| (x.clone() * (k + 1.0) + k).cos() * k;
            (wave(1.0) + wave(2.0) + wave(3.0) + wave(4.0) + wave(5.0)).prod()
        })
    },
    ..Entry::COMMON
};
