use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "softplus_tail",
    family: Family::Plateau,
    formula: "ln(1 + e⁻ˣ) + y²/2",
    dims: Dims::Fixed(2),
    note: "The tail of logistic regression on separable data: the infimum zero is at infinity.",
    source: "this project",
    make: |n, _| {
        let facts = Facts::in_cube(n, -3.0, 12.0).start([0.0, 1.0]).lowest(Lowest::Bound(0.0));
        Made::new(facts, |x| {
            let [x, y] = coordinates(x);
            x.neg().exp().log1p() + y.square() * 0.5
        })
    },
    ..Entry::COMMON
};
