use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "powell_badly_scaled",
    family: Family::Ravine,
    formula: "(10⁴xy − 1)² + (e⁻ˣ + e⁻ʸ − 1.0001)²",
    dims: Dims::Fixed(2),
    note: "A narrow curved valley of condition about 10¹⁸. In f32 the exponential of the second term is lost \
           beside one.",
    source: "J. J. Moré, B. S. Garbow and K. E. Hillstrom, Testing unconstrained optimization software, ACM \
             Transactions on Mathematical Software 7 (1981) 17–41, no. 3",
    make: |n, _| {
        let facts = Facts::in_cube(n, -2.0, 10.0)
            .start([0.0, 1.0])
            .global([1.0981593296998175e-05, 9.106146739866524], 0.0);
        Made::squares(facts, residuals)
    },
    ..Entry::COMMON
};

pub(crate) fn residuals(x: Tensor<1>) -> Tensor<1> {
    let product = x.clone().prod() * 1e4 - 1.0;
    Tensor::cat(vec![product, x.neg().exp().sum() - 1.0001], 0)
}
