use crate::bbob::instance::*;
use crate::bbob::transformations::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_katsuura",
    family: Family::Bbob,
    number: 23,
    formula: "10/n² (Π (1 + i Σ_{j≤32} |2ʲzᵢ − round 2ʲzᵢ|/2ʲ)^(10/n^1.2) − 1) + pen(x), z = QΛ¹⁰⁰R(x − x*)",
    dims: DIMS,
    parameters: INSTANCE,
    smoothness: Smoothness::Kinks(
        "everywhere on a grid of spacing 2⁻³³, where the derivative 0 of that tooth is taken",
    ),
    note: "Thirty-two octaves of sawtooths: rugged at every scale, the slope says nothing of the way. In f32 \
           the finest are rounded away.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(23, n, p);
        let x_opt = own.x_opt();
        let m = own.stretched(100.0);
        let facts = own.facts(&x_opt, Site::Kink);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| {
            let z = apply(&m, x.clone() - constant(x_opt.clone(), &x)).reshape([n, 1]);
            let octaves: Vec<f64> = (1..=32).map(|j| 2f64.powi(j)).collect();
            let octaves = matrix(&octaves, 32, &x);
            let wide = z * octaves.clone();
            let teeth = (wide.clone() - (wide + 0.5).floor()).abs() / octaves;
            let numbers = constant(weights(n, |i| i + 1.0), &x);
            let product = (teeth.sum_dim(1).reshape([n]) * numbers + 1.0).prod();
            let size = n as f64;
            (raise(product, 10.0 / size.powf(1.2)) - 1.0) * (10.0 / (size * size)) + penalty(x) + f_opt
        })
    },
    ..Entry::COMMON
};
