use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "phase_retrieval_emp",
    family: Family::Saddle,
    formula: "1/48 Σ ((aᵢ'x)² − (aᵢ'x*)²)² over 12 rows, aᵢⱼ = sin(1.7i + 2.3j + ij/2), x* = (0.6, −0.8, 0)",
    dims: Dims::Fixed(3),
    note: "Phase retrieval from twelve measurements.",
    source: "E. J. Candès, X. Li and M. Soltanolkotabi, Phase retrieval via Wirtinger flow: theory and \
             algorithms, IEEE Transactions on Information Theory 61 (2015) 1985–2007",
    make: |n, _| {
        let target: Vec<f64> = ROWS.map(|i| (0.6 * entry(i, 1) - 0.8 * entry(i, 2)).powi(2)).collect();
        let at_zero = target.iter().map(|t| t * t).sum::<f64>() / 48.0;
        let facts = Facts::in_cube(n, -1.5, 1.5)
            .global([0.6, -0.8, 0.0], 0.0)
            .minimum([-0.6, 0.8, 0.0], 0.0)
            .saddle([0.0; 3], at_zero, 3, 0);
        let rows: Vec<f64> = ROWS.flat_map(|i| (1..=3).map(move |j| entry(i, j))).collect();
        Made::squares(facts, move |x| {
            let target = constant(target.clone(), &x);
            (apply(&rows, x).square() - target) / 48f64.sqrt()
        })
    },
    ..Entry::COMMON
};

const ROWS: std::ops::RangeInclusive<usize> = 1..=12;

fn entry(i: usize, j: usize) -> f64 {
    let (i, j) = (i as f64, j as f64);
    (17.0 * i / 10.0 + 23.0 * j / 10.0 + i * j / 2.0).sin()
}
