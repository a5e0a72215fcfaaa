use crate::mgh::{around, least, parabola};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_discrete_integral_equation",
    family: Family::Mgh,
    number: 29,
    formula: "xᵢ + h/2 ((1 − tᵢ) Σ_{j≤i} tⱼ cⱼ + tᵢ Σ_{j>i} (1 − tⱼ) cⱼ), c = (x + t + 1)³, h = 1/(n + 1), t = \
              ih",
    dims: Dims::from(1, 10),
    source: MGH,
    make: |n, _| {
        let facts = least(
            around(parabola(n)),
            n == 10,
            [
                -0.04316498251876487,
                -0.08157715653538687,
                -0.11448571438052926,
                -0.14097357686259668,
                -0.15990869618198308,
                -0.1698772023127749,
                -0.1690899837812083,
                -0.1552495352218318,
                -0.12535589167893496,
                -0.07541653368589202,
            ],
            0.0,
        );
        Made::squares(facts, move |x| {
            let h = 1.0 / (n as f64 + 1.0);
            let t = |i: usize| (i + 1) as f64 * h;
            let kernel = |i: usize, j: usize| 0.5 * h * t(i.min(j)) * (1.0 - t(i.max(j)));
            let kernel: Vec<f64> = (0..n).flat_map(|i| (0..n).map(move |j| kernel(i, j))).collect();
            let cubes = x.clone() + constant(weights(n, |i| (i + 1.0) * h + 1.0), &x);
            x + apply(&kernel, cubes.clone() * cubes.square())
        })
    },
    ..Entry::COMMON
};
