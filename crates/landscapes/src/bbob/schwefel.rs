use crate::bbob::instance::*;
use crate::bbob::transformations::*;
use crate::prelude::*;
use burn::tensor::activation::relu;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_schwefel",
    family: Family::Bbob,
    number: 20,
    formula: "4.18983 − 1/(100n) Σ zᵢ sin √|zᵢ| + 100 pen(z/100), z = 100 (Λ¹⁰(ẑ − 2|x*|) + 2|x*|), ẑ₁ = x̂₁, \
              ẑᵢ₊₁ = x̂ᵢ₊₁ + (x̂ᵢ − 2|x*|)/4, x̂ = 2 sign(x*) x",
    dims: DIMS,
    parameters: INSTANCE,
    smoothness: Smoothness::Once("where a zᵢ is zero"),
    note: "Deceptive: the best minima are close to the edge of the box.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(20, n, p);
        let sides: Vec<f64> = own.uniform().iter().map(|u| if *u < 0.5 { -1.0 } else { 1.0 }).collect();
        // Where every zᵢ is the best one.
        let mut before = 0.0;
        let best = sides.iter().zip(ramp(n)).map(|(side, r)| {
            before = (BEST / 100.0 - TWICE) / 10f64.sqrt().powf(r) - 0.25 * before;
            0.5 * side * (TWICE + before)
        });
        let x_opt: Vec<f64> = best.collect();
        let facts = own.facts(&x_opt, Site::Smooth).lowest(Lowest::InBox(own.f_opt));
        let f_opt = own.f_opt;
        Made::new(facts, move |x| {
            let x = x.clone() * constant(sides.clone(), &x) * 2.0 - TWICE;
            let chain = Tensor::cat(vec![x.clone().slice(0..1), tail(&x, 1) + head(&x, 1) * 0.25], 0);
            let z = (chain * powers(10f64.sqrt(), n, &x) + TWICE) * 100.0;
            let sum = (z.clone() * root(z.clone().abs()).sin()).mean();
            let outside = relu(z.abs() - 500.0).square().sum();
            (outside - sum + 418.9828872724339) * 0.01 + f_opt
        })
    },
    ..Entry::COMMON
};

/// Twice the size of a coordinate of `x*`, with the digits of the reference.
const TWICE: f64 = 4.2096874637;
/// Where `z sin √z` is largest.
const BEST: f64 = 420.96874635998205;
