use crate::mgh::around;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_extended_powell_singular",
    family: Family::Mgh,
    number: 22,
    formula: "x₄ᵢ₋₃ + 10x₄ᵢ₋₂, √5 (x₄ᵢ₋₁ − x₄ᵢ), (x₄ᵢ₋₂ − 2x₄ᵢ₋₁)², √10 (x₄ᵢ₋₃ − x₄ᵢ)²",
    dims: Dims::Free { least: 4, most: usize::MAX, step: 4, default: 12 },
    source: MGH,
    make: |n, _| {
        let facts = around(weights(n, |i| [3.0, -1.0, 0.0, 1.0][i as usize % 4]))
            .flat_minimum(vec![0.0; n], 0.0, n / 2)
            .lowest(Lowest::Everywhere(0.0));
        Made::squares(facts, residuals)
    },
    ..Entry::COMMON
};

pub(crate) fn residuals(x: Tensor<1>) -> Tensor<1> {
    let [x1, x2, x3, x4] = columns(x);
    Tensor::cat(
        vec![
            x1.clone() + x2.clone() * 10.0,
            (x3.clone() - x4.clone()) * 5f64.sqrt(),
            (x2 - x3 * 2.0).square(),
            (x1 - x4).square() * 10f64.sqrt(),
        ],
        0,
    )
}
