use crate::mgh::around;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_powell_singular",
    family: Family::Mgh,
    number: 13,
    formula: "x₁ + 10x₂, √5 (x₃ − x₄), (x₂ − 2x₃)², √10 (x₁ − x₄)²",
    dims: Dims::Fixed(4),
    source: MGH,
    make: |_, _| {
        let facts =
            around([3.0, -1.0, 0.0, 1.0]).flat_minimum([0.0; 4], 0.0, 2).lowest(Lowest::Everywhere(0.0));
        Made::squares(facts, |x| {
            let [x1, x2, x3, x4] = coordinates(x);
            Tensor::cat(
                vec![
                    x1.clone() + x2.clone() * 10.0,
                    (x3.clone() - x4.clone()) * 5f64.sqrt(),
                    (x2 - x3 * 2.0).square(),
                    (x1 - x4).square() * 10f64.sqrt(),
                ],
                0,
            )
        })
    },
    ..Entry::COMMON
};
