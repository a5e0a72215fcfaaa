use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "xor_net",
    family: Family::Network,
    formula: "⅛ Σ (V tanh(Wt + b) + c − y)² over the four rows of XOR with inputs and targets ±1",
    dims: Dims::Of(|p| 4 * p.whole("hidden") + 1),
    parameters: &[Parameter::whole("hidden", 2.0, [1.0, 1000.0], "the number of tanh units")],
    note: "The coordinates are W row by row, b, V, c. At the origin the network says nothing: gradient and Hessian see only \
           the output bias. One unit cannot solve XOR; two can.",
    source: "D. E. Rumelhart, G. E. Hinton and R. J. Williams, Learning internal representations by error propagation, in \
             Parallel Distributed Processing 1, MIT Press (1986) 318–362",
    make: |n, p| {
        let hidden = p.whole("hidden");
        let start = weights(n, |at| 0.5 * (1.7 * (at + 1.0)).sin());
        let facts = Facts::in_cube(n, -3.0, 3.0)
            .start(start)
            .saddle(vec![0.0; n], 0.5, 0, n - 1)
            .lowest(Lowest::Bound(0.0));
        Made::squares(facts, move |x| {
            let inputs = matrix(&[-1.0, -1.0, 1.0, 1.0, -1.0, 1.0, -1.0, 1.0], 4, &x);
            let targets = constant([-1.0, 1.0, 1.0, -1.0], &x);
            let part = |from: usize, count: usize| x.clone().slice(from * hidden..(from + count) * hidden);
            let units = part(0, 2).reshape([hidden, 2]).matmul(inputs) + part(2, 1).reshape([hidden, 1]);
            let output = part(3, 1).reshape([1, hidden]).matmul(units.tanh()).reshape([4]);
            (output + x.clone().slice(n - 1..n) - targets) * 0.125f64.sqrt()
        })
    },
    ..Entry::COMMON
};
