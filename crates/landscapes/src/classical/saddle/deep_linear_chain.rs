use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "deep_linear_chain",
    family: Family::Saddle,
    formula: "(w₁ w₂ ⋯ wₙ − 1)²/2",
    dims: Dims::from(2, 4),
    note: "A product of n scalar layers. From three layers on the Hessian is zero at the origin, so that the \
           saddle is not strict.",
    source: "A. M. Saxe, J. L. McClelland and S. Ganguli, Exact solutions to the nonlinear dynamics of \
             learning in deep linear neural networks, ICLR (2014)",
    make: |n, _| {
        let (index, nullity) = if n == 2 { (1, 0) } else { (0, n) };
        let facts = Facts::in_cube(n, -2.0, 2.0).flat_minimum(vec![1.0; n], 0.0, n - 1).saddle(
            vec![0.0; n],
            0.5,
            index,
            nullity,
        );
        Made::new(facts.lowest(Lowest::Everywhere(0.0)), |x| (x.prod() - 1.0).square() * 0.5)
    },
    ..Entry::COMMON
};
