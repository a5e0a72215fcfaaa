use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "phase_retrieval_pop",
    family: Family::Saddle,
    formula: "(3‖x‖⁴ + 3 − 2‖x‖² − 4 (x*'x)²)/4, x* = (0.6, −0.8, 0, …)",
    dims: Dims::from(2, 5),
    note: "The Gaussian population loss of phase retrieval: condition 3 at ±x*, a maximum at the origin, and a \
           sphere of saddles of index 1 orthogonal to x*, of radius 1/√3.",
    source: "J. Sun, Q. Qu and J. Wright, A geometric analysis of phase retrieval, Foundations of \
             Computational Mathematics 18 (2018) 1131–1198",
    make: |n, _| {
        let star = |sign: f64| {
            weights(n, |i| {
                if i == 0.0 {
                    0.6 * sign
                } else if i == 1.0 {
                    -0.8 * sign
                } else {
                    0.0
                }
            })
        };
        let third = 3f64.sqrt();
        let across = weights(n, |i| {
            if i == 0.0 {
                0.8 / third
            } else if i == 1.0 {
                0.6 / third
            } else {
                0.0
            }
        });
        let facts = Facts::in_cube(n, -1.5, 1.5)
            .global(star(1.0), 0.0)
            .minimum(star(-1.0), 0.0)
            .saddle(vec![0.0; n], 0.75, n, 0)
            .saddle(across, 2.0 / 3.0, 1, n - 2);
        Made::new(facts, |x| {
            let r2 = x.clone().square().sum();
            let along = x.clone().slice(0..1) * 0.6 - x.slice(1..2) * 0.8;
            (r2.clone() * (r2 * 3.0 - 2.0) - along.square() * 4.0 + 3.0) * 0.25
        })
    },
    ..Entry::COMMON
};
