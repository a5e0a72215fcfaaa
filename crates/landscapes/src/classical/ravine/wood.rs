use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "wood",
    family: Family::Ravine,
    formula: "100(x₂ − x₁²)² + (1 − x₁)² + 90(x₄ − x₃²)² + (1 − x₃)² + 10(x₂ + x₄ − 2)² + (x₂ − x₄)²/10",
    dims: Dims::Fixed(4),
    note: "Two coupled valleys, also named after Colville; the saddle near (−1, 1, −1, 1) is a classic place \
           to stall.",
    source: "J. J. Moré, B. S. Garbow and K. E. Hillstrom, Testing unconstrained optimization software, ACM \
             Transactions on Mathematical Software 7 (1981) 17–41, no. 14",
    make: |n, _| {
        let stall = [-0.9679740249375931, 0.9471391408178418, -0.9695163103315911, 0.9512476657923252];
        let facts = Facts::in_cube(n, -4.0, 4.0).start([-3.0, -1.0, -3.0, -1.0]).global([1.0; 4], 0.0).saddle(
            stall,
            7.876967165176867,
            1,
            0,
        );
        Made::squares(facts, residuals)
    },
    ..Entry::COMMON
};

pub(crate) fn residuals(x: Tensor<1>) -> Tensor<1> {
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
}
