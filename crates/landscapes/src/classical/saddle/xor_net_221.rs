use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "xor_net_221",
    family: Family::Saddle,
    formula: "half the squared error over the four rows of XOR of a network 2-2-1 with tanh units and a linear \
              output",
    dims: Dims::Fixed(9),
    note: "The coordinates are W₁ row by row, b₁, W₂, b₂; inputs and targets are 0 and 1. The network whose \
           only weight is the output bias ½ is a degenerate critical point.",
    source: "I. G. Sprinkhuizen-Kuyper and E. J. W. Boers, A local minimum for the 2-3-1 XOR network, IEEE \
             Transactions on Neural Networks 10 (1999) 968–971, for the setting",
    make: |n, _| {
        let facts = Facts::in_cube(n, -2.0, 2.0)
            .start([0.1, -0.1, 0.2, 0.1, 0.0, 0.0, 0.1, -0.2, 0.0])
            .saddle([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5], 0.5, 0, 8)
            .lowest(Lowest::Bound(0.0));
        Made::squares(facts, |x| {
            let inputs = matrix(&[0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0], 4, &x);
            let targets = constant([0.0, 1.0, 1.0, 0.0], &x);
            let [first, bias] = [x.clone().slice(0..4).reshape([2, 2]), x.clone().slice(4..6).reshape([2, 1])];
            let hidden = (first.matmul(inputs) + bias).tanh();
            let output = x.clone().slice(6..8).reshape([1, 2]).matmul(hidden).reshape([4]) + x.slice(8..9);
            (output - targets) * 0.5f64.sqrt()
        })
    },
    ..Entry::COMMON
};
