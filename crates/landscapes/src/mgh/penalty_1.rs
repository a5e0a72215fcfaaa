use crate::mgh::{around, least, numbers};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_penalty_1",
    family: Family::Mgh,
    number: 23,
    formula: "√10⁻⁵ (xᵢ − 1), Σ xᵢ² − ¼",
    dims: Dims::from(1, 10),
    source: MGH,
    make: |n, _| {
        let facts = least(around(numbers(n)), n == 10, [0.15812229517565; 10], 7.087651467090391e-05);
        Made::squares(facts, |x| {
            Tensor::cat(vec![(x.clone() - 1.0) * 1e-5f64.sqrt(), x.square().sum() - 0.25], 0)
        })
    },
    ..Entry::COMMON
};
