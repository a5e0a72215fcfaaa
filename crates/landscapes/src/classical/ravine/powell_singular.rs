use crate::mgh::extended_powell_singular::residuals;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "powell_singular",
    family: Family::Ravine,
    formula: "(x₁ + 10x₂)² + 5(x₃ − x₄)² + (x₂ − 2x₃)⁴ + 10(x₁ − x₄)⁴",
    dims: Dims::Fixed(4),
    note: "The Hessian at the minimum has rank two, so that Newton’s method converges only linearly.",
    source: "J. J. Moré, B. S. Garbow and K. E. Hillstrom, Testing unconstrained optimization software, ACM \
             Transactions on Mathematical Software 7 (1981) 17–41, no. 13",
    make: |n, _| {
        let facts = Facts::in_cube(n, -4.0, 5.0)
            .start([3.0, -1.0, 0.0, 1.0])
            .flat_minimum([0.0; 4], 0.0, 2)
            .lowest(Lowest::Everywhere(0.0));
        Made::squares(facts, residuals)
    },
    ..Entry::COMMON
};
