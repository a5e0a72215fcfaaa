use crate::prelude::*;
use crate::random::Numbers;

pub(crate) const ENTRY: Entry = Entry {
    name: "phase_retrieval",
    family: Family::Network,
    formula: "1/4m Σ ((aₖ'x)² − (aₖ'x*)²)² over m standard normal vectors aₖ, with a random x* of length one",
    dims: Dims::dense(2, 8),
    parameters: &[
        Parameter::whole("ratio", 6.0, [1.0, 1000.0], "m/n, measurements for each coordinate"),
        Parameter::seed("which measurements"),
    ],
    note: "With enough measurements ±x* are the only minima; with few there are others. The origin is a \
           maximum.",
    source: "J. Sun, Q. Qu and J. Wright, A geometric analysis of phase retrieval, Foundations of Computational Mathematics \
             18 (2018) 1131–1198",
    make: |n, p| {
        let m = n * p.whole("ratio");
        let mut numbers = Numbers::new(p.seed("seed"), 0);
        let rows = numbers.normals(m * n);
        let star = numbers.normals(n);
        let length = star.iter().map(|x| x * x).sum::<f64>().sqrt();
        let star: Vec<f64> = star.into_iter().map(|x| x / length).collect();
        let along = |row: &[f64]| row.iter().zip(&star).map(|(a, x)| a * x).sum::<f64>().powi(2);
        let targets: Vec<f64> = rows.chunks(n).map(along).collect();
        let weight = 0.25 / m as f64;
        let at_zero = weight * targets.iter().map(|t| t * t).sum::<f64>();
        let other: Vec<f64> = star.iter().map(|x| -x).collect();
        let facts = Facts::in_cube(n, -1.5, 1.5)
            .start(vec![0.1; n])
            .global(star, 0.0)
            .minimum(other, 0.0)
            .saddle(vec![0.0; n], at_zero, n, 0);
        Made::squares(facts, move |x| {
            let targets = constant(targets.clone(), &x);
            (apply(&rows, x).square() - targets) * weight.sqrt()
        })
    },
    ..Entry::COMMON
};
