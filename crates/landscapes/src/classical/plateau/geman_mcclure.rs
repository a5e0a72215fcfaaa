use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "geman_mcclure",
    family: Family::Plateau,
    formula: "Σ xᵢ² / (1 + xᵢ²)",
    dims: Dims::from(1, 5),
    note: "A robust loss: far away the gradient decays as 2/x³.",
    source: "S. Geman and D. E. McClure, Bayesian image analysis: an application to single photon emission tomography, \
             Proceedings of the Statistical Computing Section, American Statistical Association (1985) 12–18",
    make: |n, _| {
        let facts = Facts::in_cube(n, -10.0, 10.0).start(vec![5.0; n]).global(vec![0.0; n], 0.0);
        Made::new(facts, |x| {
            let square = x.square();
            (square.clone() / (square + 1.0)).sum()
        })
    },
    ..Entry::COMMON
};
