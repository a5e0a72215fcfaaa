use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "monkey_confined",
    family: Family::Saddle,
    formula: "x³ − 3xy² + (x² + y²)²/4",
    dims: Dims::Fixed(2),
    note: "The monkey saddle in a bowl: three minima at distance 3, and no other critical point than the \
           origin, where the Hessian is zero.",
    source: "the monkey saddle of the textbooks, confined here",
    make: |n, _| {
        let far = 1.5 * 3f64.sqrt();
        let facts = Facts::in_cube(n, -4.0, 4.0)
            .start([0.1, 0.0])
            .global([-3.0, 0.0], -6.75)
            .minimum([1.5, far], -6.75)
            .minimum([1.5, -far], -6.75)
            .saddle([0.0, 0.0], 0.0, 0, 2);
        Made::new(facts, |x| {
            let [x, y] = coordinates(x);
            let (x2, y2) = (x.clone().square(), y.square());
            x * (x2.clone() - y2.clone() * 3.0) + (x2 + y2).square() * 0.25
        })
    },
    ..Entry::COMMON
};
