use crate::mgh::{around, at_least_as_many};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_linear_full_rank",
    family: Family::Mgh,
    number: 32,
    formula: "xᵢ − 2/m Σ xⱼ − 1 for i ≤ n, −2/m Σ xⱼ − 1 beyond",
    dims: Dims::from(1, 10),
    parameters: &[Parameter::whole("m", 20.0, [1.0, 1e4], "the number of residuals")],
    check: at_least_as_many,
    source: MGH,
    make: |n, p| {
        let m = p.whole("m");
        let facts = around(vec![1.0; n]).global(vec![-1.0; n], (m - n) as f64);
        Made::squares(facts, move |x| {
            let mean = x.clone().sum() * (2.0 / m as f64) + 1.0;
            match m - n {
                0 => x - mean,
                rest => Tensor::cat(vec![x - mean.clone(), mean.neg().expand([rest])], 0),
            }
        })
    },
    ..Entry::COMMON
};
