use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "ellipsoid_rot",
    family: Family::Ravine,
    formula: "½ Σ κ^((i−1)/(n−1)) zᵢ², z = x − 2 v (v'x)/‖v‖², v = (1, …, n)",
    dims: Dims::from(1, 5),
    parameters: &[Parameter::real("condition", 1e6, [1.0, 1e300], "κ, the condition number")],
    aliases: &[
        ("ellipsoid_rot_1e2", &[("condition", 1e2)]),
        ("ellipsoid_rot_1e4", &[("condition", 1e4)]),
        ("ellipsoid_rot_1e6", &[("condition", 1e6)]),
    ],
    note: "The ellipsoid after the reflection that exchanges v and −v: no axis is an eigenvector.",
    source: "this project’s reflection of the ellipsoid",
    make: |n, p| {
        let condition = p["condition"];
        let facts = Facts::in_cube(n, -5.0, 5.0).start(vec![1.0; n]).global(vec![0.0; n], 0.0);
        Made::new(facts, move |x| {
            let weights: Vec<f64> = ramp(n).into_iter().map(|r| 0.5 * condition.powf(r)).collect();
            let v: Vec<f64> = (1..=n).map(|i| i as f64).collect();
            let length: f64 = v.iter().map(|v| v * v).sum();
            let (weights, v) = (constant(weights, &x), constant(v, &x));
            let along = (x.clone() * v.clone()).sum() * (2.0 / length);
            ((x - v * along).square() * weights).sum()
        })
    },
    ..Entry::COMMON
};
