use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "helical_valley",
    family: Family::Ravine,
    formula: "100 (z − 10θ)² + 100 (r − 1)² + z², θ the polar angle of (x, y) in turns",
    dims: Dims::Fixed(3),
    smoothness: Smoothness::Jumps(
        "on the half plane x = 0, y < 0, where the angle is cut; on the axis x = y = 0 there is no gradient",
    ),
    note: "A valley that winds like a screw.",
    source: "J. J. Moré, B. S. Garbow and K. E. Hillstrom, Testing unconstrained optimization software, ACM \
             Transactions on Mathematical Software 7 (1981) 17–41, no. 7",
    make: |n, _| {
        let facts = Facts::in_cube(n, -2.0, 2.0).start([-1.0, 0.0, 0.0]).global([1.0, 0.0, 0.0], 0.0);
        Made::squares(facts, residuals)
    },
    ..Entry::COMMON
};

pub(crate) fn residuals(x: Tensor<1>) -> Tensor<1> {
    let [x, y, z] = coordinates(x);
    let r = root(x.clone().square() + y.clone().square());
    // Between −¼ and ¾, as in the source: the cut is the half plane x = 0, y < 0.
    let turns = x.neg().atan2(y) / TAU + 0.25;
    Tensor::cat(vec![(z.clone() - turns * 10.0) * 10.0, (r - 1.0) * 10.0, z], 0)
}
