use crate::mgh::{around, at_least_as_many, rank_one};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_linear_rank_1_zeros",
    family: Family::Mgh,
    number: 34,
    formula: "(i − 1) Σ_{1<j<n} j xⱼ − 1 for 1 < i < m, −1 for the first and the last",
    dims: Dims::from(3, 10),
    parameters: &[Parameter::whole("m", 20.0, [3.0, 1e4], "the number of residuals")],
    check: at_least_as_many,
    note: "As no. 33, with the first and the last row and column zero.",
    source: MGH,
    make: |n, p| {
        let m = p.whole("m");
        let count = m as f64;
        let best = (count * count + 3.0 * count - 6.0) / (2.0 * (2.0 * count - 3.0));
        let slope = 3.0 / (2.0 * count - 3.0);
        let inner = weights(n, |j| if j == 0.0 || j + 1.0 == n as f64 { 0.0 } else { j + 1.0 });
        let facts = rank_one(around(vec![1.0; n]), best, slope, &inner);
        Made::squares(facts, move |x| {
            let rows = weights(m, |i| if i + 1.0 == m as f64 { 0.0 } else { i });
            let (rows, inner) = (constant(rows, &x), constant(inner.clone(), &x));
            rows * (x * inner).sum() - 1.0
        })
    },
    ..Entry::COMMON
};
