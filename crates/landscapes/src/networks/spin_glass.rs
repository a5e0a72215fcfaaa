use crate::analysis::eigenvalues;
use crate::prelude::*;
use crate::random::Numbers;

pub(crate) const ENTRY: Entry = Entry {
    name: "spin_glass",
    family: Family::Network,
    formula: "¼ Σ xᵢ⁴ − ½ x'Jx with a symmetric matrix J of normal numbers, of variance 1/n off and 2/n on the \
              diagonal",
    dims: Dims::dense(1, 10),
    parameters: &[Parameter::seed("which J")],
    note: "Soft spins after Sherrington and Kirkpatrick: critical points in numbers exponential in n, their index falling \
           with their value. About half of all directions lead down from the origin.",
    source: "D. Sherrington and S. Kirkpatrick, Solvable model of a spin-glass, Physical Review Letters 35 (1975) \
             1792–1796; Y. N. Dauphin et al., Identifying and attacking the saddle point problem in high-dimensional \
             non-convex optimization, NIPS 27 (2014)",
    make: |n, p| {
        let draws = Numbers::new(p.seed("seed"), 0).normals(n * n);
        let half = (0.5 / n as f64).sqrt();
        let j: Vec<f64> = (0..n * n).map(|at| half * (draws[at] + draws[at % n * n + at / n])).collect();
        let values = eigenvalues(&j, n);
        let index = values.iter().filter(|v| **v > 0.0).count();
        // With the largest eigenvalue λ: f ≥ r⁴/4n − λr²/2 ≥ −nλ²/4.
        let largest = values.iter().copied().fold(0.0, f64::max);
        let facts = Facts::in_cube(n, -2.5, 2.5).start(weights(n, |i| 0.1 * (1.7 * (i + 1.0)).sin()));
        let facts = match index {
            0 => facts.global(vec![0.0; n], 0.0),
            _ => facts
                .saddle(vec![0.0; n], 0.0, index, 0)
                .lowest(Lowest::Bound(-0.25 * n as f64 * largest * largest)),
        };
        Made::new(facts, move |x| {
            let pairs = (apply(&j, x.clone()) * x.clone()).sum();
            x.square().square().sum() * 0.25 - pairs * 0.5
        })
    },
    ..Entry::COMMON
};
