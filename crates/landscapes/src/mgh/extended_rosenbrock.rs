use crate::mgh::around;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_extended_rosenbrock",
    family: Family::Mgh,
    number: 21,
    formula: "10 (x₂ᵢ − x₂ᵢ₋₁²), 1 − x₂ᵢ₋₁",
    dims: Dims::Free { least: 2, most: usize::MAX, step: 2, default: 10 },
    source: MGH,
    make: |n, _| {
        let facts = around(weights(n, |i| if i % 2.0 == 0.0 { -1.2 } else { 1.0 })).global(vec![1.0; n], 0.0);
        Made::squares(facts, residuals)
    },
    ..Entry::COMMON
};

pub(crate) fn residuals(x: Tensor<1>) -> Tensor<1> {
    let [a, b] = columns(x);
    Tensor::cat(vec![(b - a.clone().square()) * 10.0, a.neg() + 1.0], 0)
}
