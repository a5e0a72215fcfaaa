use crate::mgh::around;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_wood",
    family: Family::Mgh,
    number: 14,
    formula: "10 (x₂ − x₁²), 1 − x₁, √90 (x₄ − x₃²), 1 − x₃, √10 (x₂ + x₄ − 2), (x₂ − x₄)/√10",
    dims: Dims::Fixed(4),
    source: MGH,
    make: |_, _| {
        let facts = around([-3.0, -1.0, -3.0, -1.0]).global([1.0; 4], 0.0).saddle(
            [-0.9679740249375931, 0.9471391408178418, -0.9695163103315911, 0.9512476657923252],
            7.876967165176867,
            1,
            0,
        );
        Made::squares(facts, |x| {
            let [x1, x2, x3, x4] = coordinates(x);
            let (sum, gap) = (x2.clone() + x4.clone() - 2.0, x2.clone() - x4.clone());
            Tensor::cat(
                vec![
                    (x2 - x1.clone().square()) * 10.0,
                    x1.neg() + 1.0,
                    (x4 - x3.clone().square()) * 90f64.sqrt(),
                    x3.neg() + 1.0,
                    sum * 10f64.sqrt(),
                    gap / 10f64.sqrt(),
                ],
                0,
            )
        })
    },
    ..Entry::COMMON
};
