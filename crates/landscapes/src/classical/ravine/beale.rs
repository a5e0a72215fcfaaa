use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "beale",
    family: Family::Ravine,
    formula: "Σ_{k=1..3} (yₖ − x (1 − yᵏ))², yₖ = 1.5, 2.25, 2.625",
    dims: Dims::Fixed(2),
    note: "A flat valley leads towards (0, 1), itself a saddle.",
    source: "E. M. L. Beale, On an iterative method of finding a local minimum of a function of more than one variable, \
             Princeton University Technical Report 25 (1958); no. 5 of Moré, Garbow and Hillstrom (1981)",
    make: |n, _| {
        let facts = Facts::in_cube(n, -4.5, 4.5)
            .start([1.0, 1.0])
            .global([3.0, 0.5], 0.0)
            .saddle([0.0, 1.0], 14.203125, 1, 0)
            .saddle([0.10053793732415829, -2.644513585023126], 9.864512284755559, 1, 0);
        Made::squares(facts, residuals)
    },
    ..Entry::COMMON
};

pub(crate) fn residuals(x: Tensor<1>) -> Tensor<1> {
    let [x, y] = coordinates(x);
    let powers = Tensor::cat(vec![y.clone(), y.clone().square(), y.clone() * y.square()], 0);
    let targets = constant([1.5, 2.25, 2.625], &x);
    x * (powers - 1.0) + targets
}
