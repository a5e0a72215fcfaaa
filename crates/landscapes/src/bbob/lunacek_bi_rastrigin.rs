use crate::bbob::instance::*;
use crate::bbob::transformations::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_lunacek_bi_rastrigin",
    family: Family::Bbob,
    number: 24,
    formula: "min(Σ (x̂ᵢ − μ₀)², n + s Σ (x̂ᵢ − μ₁)²) + 10 (n − Σ cos 2πzᵢ) + 10⁴ pen(x), x̂ = 2 sign(x*) x, z \
              = QΛ¹⁰⁰R(x̂ − μ₀)",
    dims: DIMS,
    parameters: INSTANCE,
    smoothness: Smoothness::Kinks("where the two bowls meet, where the mean of their gradients is taken"),
    note: "Two funnels of ripples; the wider one is the wrong one.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(24, n, p);
        let m = own.stretched(100.0);
        let sides: Vec<f64> = own.normal().iter().map(|g| if *g < 0.0 { -1.0 } else { 1.0 }).collect();
        let x_opt: Vec<f64> = sides.iter().map(|side| 0.5 * MIDDLE * side).collect();
        let facts = own.facts(&x_opt, Site::Smooth);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| {
            let size = n as f64;
            let s = 1.0 - 0.5 / ((size + 20.0).sqrt() - 4.1);
            let other = -((MIDDLE * MIDDLE - 1.0) / s).sqrt();
            let hat = x.clone() * constant(sides.clone(), &x) * 2.0;
            let (near, far) = (hat.clone() - MIDDLE, hat - other);
            let (good, bad) = (near.clone().square().sum(), far.square().sum() * s + size);
            // The smaller of the two; |t| has the derivative 0 where they meet, as they do at the origin.
            let bowls = (good.clone() + bad.clone() - (good - bad).abs()) * 0.5;
            let ripples = sin2(apply(&m, near) * PI).sum() * 20.0;
            bowls + ripples + penalty(x) * 1e4 + f_opt
        })
    },
    ..Entry::COMMON
};

/// μ₀, the middle of the better funnel.
const MIDDLE: f64 = 2.5;
