use crate::mgh::around;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_brown_almost_linear",
    family: Family::Mgh,
    number: 27,
    formula: "xᵢ + Σ xⱼ − (n + 1), Π xⱼ − 1",
    dims: Dims::from(2, 10),
    note: "At (0, …, 0, n + 1) there is a minimum of value 1.",
    source: MGH,
    make: |n, _| {
        let facts = around(vec![0.5; n]).global(vec![1.0; n], 0.0);
        Made::squares(facts, move |x| {
            let most = head(&x, 1) + (x.clone().sum() - (n as f64 + 1.0));
            Tensor::cat(vec![most, x.prod() - 1.0], 0)
        })
    },
    ..Entry::COMMON
};
