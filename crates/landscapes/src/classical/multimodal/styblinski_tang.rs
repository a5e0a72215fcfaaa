use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "styblinski_tang",
    family: Family::Multimodal,
    formula: "½ Σ xᵢ⁴ − 16xᵢ² + 5xᵢ",
    dims: Dims::from(1, 5),
    note: "2ⁿ minima among 3ⁿ critical points: every choice of the three roots for each coordinate. All are \
           stated for up to three coordinates.",
    source: "M. A. Styblinski and T.-S. Tang, Experiments in nonconvex optimization: stochastic approximation \
             with function smoothing and simulated annealing, Neural Networks 3 (1990) 467–483",
    make: |n, _| {
        let at = |choice: usize| -> Vec<[f64; 2]> {
            (0..n).map(|i| ROOTS[choice / 3usize.pow(i as u32) % 3]).collect()
        };
        let corners: Vec<Vec<[f64; 2]>> = match n {
            1..=3 => (0..3usize.pow(n as u32)).map(at).collect(),
            _ => ROOTS.iter().map(|root| vec![*root; n]).collect(),
        };
        let facts = corners.iter().fold(Facts::in_cube(n, -5.0, 5.0).start(vec![0.0; n]), |facts, corner| {
            let x: Vec<f64> = corner.iter().map(|[x, _]| *x).collect();
            let value = corner.iter().map(|[_, value]| value).sum();
            match corner.iter().filter(|root| **root == ROOTS[2]).count() {
                0 => facts.minimum(x, value),
                index => facts.saddle(x, value, index, 0),
            }
        });
        let lowest = Lowest::Everywhere(ROOTS[0][1] * n as f64);
        Made::new(facts.lowest(lowest), |x| {
            let square = x.clone().square();
            (square.clone() * (square - 16.0) + x * 5.0).sum() * 0.5
        })
    },
    ..Entry::COMMON
};

/// The roots of the derivative in one coordinate with their values, two minima and a maximum.
const ROOTS: [[f64; 2]; 3] = [
    [-2.903534027771177, -39.16616570377142],
    [2.746802770990837, -25.02944665528394],
    [0.1567312567803401, 0.1956123590553581],
];
