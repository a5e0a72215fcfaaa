use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "himmelblau",
    family: Family::Multimodal,
    formula: "(x² + y − 11)² + (x + y² − 7)²",
    dims: Dims::Fixed(2),
    note: "Four minima of value zero, four saddles and a maximum: all critical points that there are.",
    source: "D. M. Himmelblau, Applied Nonlinear Programming, McGraw-Hill (1972)",
    make: |n, _| {
        let facts = Facts::in_cube(n, -5.0, 5.0)
            .start([0.0, 0.0])
            .global([3.0, 2.0], 0.0)
            .minimum([-2.805118086952745, 3.131312518250573], 0.0)
            .minimum([-3.779310253377747, -3.2831859912861696], 0.0)
            .minimum([3.5844283403304917, -1.8481265269644036], 0.0)
            .saddle([3.385154183607021, 0.07385187983774928], 13.31192627040559, 1, 0)
            .saddle([0.08667750455539636, 2.884254701174776], 67.71915008752615, 1, 0)
            .saddle([-3.0730257507643897, -0.08135304428796751], 104.0151629175581, 1, 0)
            .saddle([-0.12796134673068008, -1.9537149802445763], 178.33723920192747, 1, 0)
            .saddle([-0.2708445906673476, -0.9230385564799815], 181.6165215225827, 2, 0);
        Made::squares(facts, |x| {
            let [x, y] = coordinates(x);
            Tensor::cat(vec![x.clone().square() + y.clone() - 11.0, x + y.square() - 7.0], 0)
        })
    },
    ..Entry::COMMON
};
