use crate::bbob::instance::*;
use crate::bbob::transformations::*;
use crate::prelude::*;
use burn::tensor::activation::relu;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_linear_slope",
    family: Family::Bbob,
    number: 5,
    formula: "Σ 5|sᵢ| − sᵢzᵢ, sᵢ = ±10^rᵢ, z = x up to the corner x*, and x* beyond",
    dims: DIMS,
    parameters: INSTANCE,
    smoothness: Smoothness::Kinks("where a coordinate passes the corner’s, with the derivative 0 beyond"),
    note: "Linear in the box; the optimum is a corner.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(5, n, p);
        let x_opt = own.x_opt();
        let sides: Vec<f64> = x_opt.iter().map(|x| x.signum()).collect();
        let corner: Vec<f64> = sides.iter().map(|side| 5.0 * side).collect();
        let facts = own.facts(&corner, Site::Edge);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| {
            let (sides, sizes) = (constant(sides.clone(), &x), powers(10.0, n, &x));
            (relu((x * sides).neg() + 5.0) * sizes).sum() + f_opt
        })
    },
    ..Entry::COMMON
};
