use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bohachevsky_1",
    family: Family::Multimodal,
    formula: "x² + 2y² − 0.3 cos 3πx − 0.4 cos 4πy + 0.7",
    dims: Dims::Fixed(2),
    note: "Ripples over a bowl that soon wins.",
    source: "I. O. Bohachevsky, M. E. Johnson and M. L. Stein, Generalized simulated annealing for function \
             optimization, Technometrics 28 (1986) 209–217",
    make: |n, _| {
        let facts = Facts::in_cube(n, -100.0, 100.0).start([50.0, 50.0]).global([0.0, 0.0], 0.0);
        // 1 − cos 2t = 2 sin² t.
        Made::new(facts, |x| {
            let [x, y] = coordinates(x);
            x.clone().square() + y.clone().square() * 2.0 + sin2(x * (1.5 * PI)) * 0.6 + sin2(y * TAU) * 0.8
        })
    },
    ..Entry::COMMON
};
