use crate::mgh::{around, least};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_penalty_2",
    family: Family::Mgh,
    number: 24,
    formula: "x₁ − 0.2, √10⁻⁵ (e^(xᵢ/10) + e^(xᵢ₋₁/10) − e^(i/10) − e^((i−1)/10)), √10⁻⁵ (e^(xᵢ/10) − \
              e^(−1/10)), Σ (n − j + 1) xⱼ² − 1",
    dims: Dims::from(2, 10),
    source: MGH,
    make: |n, _| {
        let facts = least(
            around(vec![0.5; n]),
            n == 10,
            [
                0.19998360519785938,
                0.010350645439700743,
                0.019604905276757262,
                0.03208906424386776,
                0.04993268305870697,
                0.07651399562309738,
                0.11862407684602921,
                0.19214487609127492,
                0.3473205822796966,
                0.3691643818609339,
            ],
            0.000293660537456746,
        );
        Made::squares(facts, move |x| {
            let targets: Vec<f64> =
                (2..=n).map(|i| (i as f64 / 10.0).exp() + ((i - 1) as f64 / 10.0).exp()).collect();
            let (targets, sizes) = (constant(targets, &x), constant(weights(n, |i| n as f64 - i), &x));
            let exps = (x.clone() * 0.1).exp();
            let small = 1e-5f64.sqrt();
            let pairs = (tail(&exps, 1) + head(&exps, 1) - targets) * small;
            let singles = (tail(&exps, 1) - (-0.1f64).exp()) * small;
            let norm = (x.clone().square() * sizes).sum() - 1.0;
            Tensor::cat(vec![x.slice(0..1) - 0.2, pairs, singles, norm], 0)
        })
    },
    ..Entry::COMMON
};
