use crate::mgh::{around, numbers};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_variably_dimensioned",
    family: Family::Mgh,
    number: 25,
    formula: "xᵢ − 1, s, s² with s = Σ j (xⱼ − 1)",
    dims: Dims::from(1, 10),
    source: MGH,
    make: |n, _| {
        let facts = around(weights(n, |i| 1.0 - (i + 1.0) / n as f64)).global(vec![1.0; n], 0.0);
        Made::squares(facts, move |x| {
            let x = x - 1.0;
            let s = (x.clone() * constant(numbers(n), &x)).sum();
            Tensor::cat(vec![x, s.clone(), s.square()], 0)
        })
    },
    ..Entry::COMMON
};
