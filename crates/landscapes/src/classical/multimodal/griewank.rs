use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "griewank",
    family: Family::Multimodal,
    formula: "‖x‖²/4000 − Π cos(xᵢ/√i) + 1",
    dims: Dims::from(1, 5),
    note: "Ripples over a very wide bowl, which matter less as n grows.",
    source: "A. O. Griewank, Generalized descent for global optimization, Journal of Optimization Theory and \
             Applications 34 (1981) 11–39",
    make: |n, _| {
        let facts = Facts::in_cube(n, -600.0, 600.0).start(vec![100.0; n]).global(vec![0.0; n], 0.0);
        Made::new(facts, move |x| {
            let scales = constant(weights(n, |i| 1.0 / (i + 1.0).sqrt()), &x);
            let ripples = (x.clone() * scales).cos().prod();
            x.square().sum() / 4000.0 - ripples + 1.0
        })
    },
    ..Entry::COMMON
};
