use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "shubert",
    family: Family::Multimodal,
    formula: "Πᵢ Σ_{k=1..5} k cos((k + 1) xᵢ + k)",
    dims: Dims::from(1, 2),
    note: "In two dimensions 760 minima in the box, of which 18 are lowest.",
    source: "B. O. Shubert, A sequential method seeking the global maximum of a function, SIAM Journal on \
             Numerical Analysis 9 (1972) 379–388",
    make: |n, _| {
        // The lowest product has one factor at its minimum and all others at their maximum.
        let lowest = LOWEST[1] * HIGHEST[1].powi(n as i32 - 1);
        let at = |k: usize| weights(n, |i| if i as usize == k { LOWEST[0] } else { HIGHEST[0] });
        let facts = Facts::in_cube(n, -10.0, 10.0).start(vec![0.0; n]).lowest(Lowest::Everywhere(lowest));
        let facts = (0..n).fold(facts, |facts, k| facts.minimum(at(k), lowest));
        Made::new(facts, |x| {
            let wave = |k: f64| (x.clone() * (k + 1.0) + k).cos() * k;
            (wave(1.0) + wave(2.0) + wave(3.0) + wave(4.0) + wave(5.0)).prod()
        })
    },
    ..Entry::COMMON
};

/// Where one factor is lowest and highest, and its value there.
const LOWEST: [f64; 2] = [-7.708313735499347, -12.870885497725684];
const HIGHEST: [f64; 2] = [-0.8003211004719731, 14.508007927195033];
