use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "sigmoid_neuron",
    family: Family::Plateau,
    formula: "⅕ Σ (σ(wt + b) − y)² over t = −2, …, 2 and y = 0, 0, 0, 1, 1",
    dims: Dims::Fixed(2),
    note: "A sigmoid neuron on separable data: the infimum zero is at infinity, and the neuron saturates in \
           the corners of the box.",
    source: "this project",
    make: |n, _| {
        let facts = Facts::in_cube(n, -8.0, 8.0).start([-8.0, 8.0]).lowest(Lowest::Bound(0.0));
        Made::squares(facts, |x| {
            let (inputs, targets) =
                (constant([-2.0, -1.0, 0.0, 1.0, 2.0], &x), constant([0.0, 0.0, 0.0, 1.0, 1.0], &x));
            let [w, b] = coordinates(x);
            // Burn computes its sigmoid in f32.
            let sigmoid = ((inputs * w + b) * 0.5).tanh() * 0.5 + 0.5;
            (sigmoid - targets) * 0.2f64.sqrt()
        })
    },
    ..Entry::COMMON
};
