use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "brown_badly_scaled",
    family: Family::Ravine,
    formula: "(x − 10⁶)² + (y − 2·10⁻⁶)² + (xy − 2)²",
    dims: Dims::Fixed(2),
    note: "Scales of 10⁶ and 10⁻⁶ in one function. The minimum is outside of the box, in which searches start. \
           In f32 the second term is lost.",
    source: "J. J. Moré, B. S. Garbow and K. E. Hillstrom, Testing unconstrained optimization software, ACM \
             Transactions on Mathematical Software 7 (1981) 17–41, no. 4",
    make: |n, _| {
        let facts = Facts::in_cube(n, -10.0, 10.0).start([1.0, 1.0]).global([1e6, 2e-6], 0.0);
        Made::squares(facts, residuals)
    },
    ..Entry::COMMON
};

pub(crate) fn residuals(x: Tensor<1>) -> Tensor<1> {
    let [x, y] = coordinates(x);
    Tensor::cat(vec![x.clone() - 1e6, y.clone() - 2e-6, x * y - 2.0], 0)
}
