use crate::classical::ravine::rosenbrock::value as rosenbrock;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "log_rosenbrock",
    family: Family::Plateau,
    formula: "ln(1 + Rosenbrock)",
    dims: Dims::from(2, 2),
    note: "A flat far field around the sharp valley; the Hessian at the minimum is Rosenbrock’s.",
    source: "this project",
    make: |n, _| {
        let facts = Facts::in_cube(n, -2.048, 2.048)
            .start(weights(n, |i| if i % 2.0 == 0.0 { -1.2 } else { 1.0 }))
            .global(vec![1.0; n], 0.0);
        Made::new(facts, |x| rosenbrock(x).log1p())
    },
    ..Entry::COMMON
};
