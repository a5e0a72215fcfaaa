use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "salomon",
    family: Family::Multimodal,
    formula: "1 − cos 2πr + r/10",
    dims: Dims::from(1, 5),
    smoothness: Smoothness::Kinks("the tip at the origin, where the gradient 0 is taken"),
    note: "Rings around the tip of a cone.",
    source: "R. Salomon, Re-evaluating genetic algorithm performance under coordinate rotation of benchmark \
             functions, BioSystems 39 (1996) 263–278",
    make: |n, _| {
        let facts = Facts::in_cube(n, -100.0, 100.0).start(vec![10.0; n]).kink(vec![0.0; n], 0.0);
        Made::new(facts.lowest(Lowest::Everywhere(0.0)), |x| {
            let r = norm(x);
            sin2(r.clone() * PI) * 2.0 + r * 0.1
        })
    },
    ..Entry::COMMON
};
