use crate::mgh::{around, at_least_as_many, numbers, rank_one};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_linear_rank_1",
    family: Family::Mgh,
    number: 33,
    formula: "i Σ j xⱼ − 1",
    dims: Dims::from(1, 10),
    parameters: &[Parameter::whole("m", 20.0, [1.0, 1e4], "the number of residuals")],
    check: at_least_as_many,
    note: "All of a hyperplane is minimal.",
    source: MGH,
    make: |n, p| {
        let m = p.whole("m");
        let count = m as f64;
        let (best, slope) = (count * (count - 1.0) / (2.0 * (2.0 * count + 1.0)), 3.0 / (2.0 * count + 1.0));
        let facts = rank_one(around(vec![1.0; n]), best, slope, &numbers(n));
        Made::squares(facts, move |x| {
            let (i, j) = (constant(numbers(m), &x), constant(numbers(n), &x));
            i * (x * j).sum() - 1.0
        })
    },
    ..Entry::COMMON
};
