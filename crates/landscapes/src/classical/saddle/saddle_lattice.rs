use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "saddle_lattice",
    family: Family::Saddle,
    formula: "r⁴/2 − ¼ Σ xᵢ⁴ − r²/2, r² = Σ xᵢ²",
    dims: Dims::from(1, 4),
    note: "3ⁿ critical points: m coordinates of size (2m − 1)^(−1/2) and the others zero have index m − 1 and \
           value −m/(8m − 4); the origin is a maximum.",
    source: "this project, after R. Ge, F. Huang, C. Jin and Y. Yuan, Escaping from saddle points: online \
             stochastic gradient for tensor decomposition, COLT (2015)",
    make: |n, _| {
        let point =
            |m: usize| weights(n, |i| if (i as usize) < m { 1.0 / (2.0 * m as f64 - 1.0).sqrt() } else { 0.0 });
        let unit = |i: usize, sign: f64| weights(n, |j| if j as usize == i { sign } else { 0.0 });
        let mut facts = Facts::in_cube(n, -1.5, 1.5).saddle(vec![0.0; n], 0.0, n, 0);
        facts = (0..n).fold(facts, |facts, i| facts.minimum(unit(i, 1.0), -0.25).minimum(unit(i, -1.0), -0.25));
        facts = (2..=n)
            .fold(facts, |facts, m| facts.saddle(point(m), -(m as f64) / (8.0 * m as f64 - 4.0), m - 1, 0));
        Made::new(facts.lowest(Lowest::Everywhere(-0.25)), |x| {
            let squares = x.square();
            let r2 = squares.clone().sum();
            r2.clone() * (r2 - 1.0) * 0.5 - squares.square().sum() * 0.25
        })
    },
    ..Entry::COMMON
};
