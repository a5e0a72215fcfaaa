use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "ellipsoid",
    family: Family::Ravine,
    formula: "½ Σ κ^((i−1)/(n−1)) xᵢ²",
    dims: Dims::from(1, 5),
    parameters: &[Parameter::real("condition", 1e6, [1.0, 1e300], "κ, the condition number")],
    note: "Convex and separable, with eigenvalues evenly spread on a logarithmic scale.",
    source: "f2 of BBOB without its distortion; N. Hansen and A. Ostermeier, Completely derandomized self-adaptation in \
             evolution strategies, Evolutionary Computation 9 (2001) 159–195",
    aliases: &[("ellipsoid_axis", &[])],
    make: |n, p| {
        let condition = p["condition"];
        let facts = Facts::in_cube(n, -5.0, 5.0).start(vec![1.0; n]).global(vec![0.0; n], 0.0);
        Made::new(facts, move |x| {
            let weights: Vec<f64> = ramp(n).into_iter().map(|r| 0.5 * condition.powf(r)).collect();
            let weights = constant(weights, &x);
            (x.square() * weights).sum()
        })
    },
    ..Entry::COMMON
};
