use crate::mgh::numbers;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_gulf",
    family: Family::Mgh,
    number: 11,
    formula: "exp(−|yᵢ − x₂|^x₃/x₁) − tᵢ, t = i/100, y = 25 + (−50 ln t)^(2/3)",
    dims: Dims::Fixed(3),
    parameters: &[Parameter::whole("m", 99.0, [3.0, 99.0], "the number of residuals")],
    smoothness: Smoothness::Kinks("where x₂ is one of the yᵢ, all of which are above 25"),
    note: "The exponent’s product sign in the paper is a misprint for a difference.",
    source: MGH,
    make: |_, p| {
        let m = p.whole("m");
        let facts = Facts::in_box(vec![[0.1, 100.0], [0.0, 25.6], [0.0, 5.0]])
            .start([5.0, 2.5, 0.15])
            .global([50.0, 25.0, 1.5], 0.0);
        Made::squares(facts, move |x| {
            let t: Vec<f64> = numbers(m).iter().map(|i| i / 100.0).collect();
            let y: Vec<f64> = t.iter().map(|t| 25.0 + (-50.0 * t.ln()).powf(2.0 / 3.0)).collect();
            let (t, y) = (constant(t, &x), constant(y, &x));
            let [a, b, c] = coordinates(x);
            ((y - b).abs().powf(c.expand([m])) / a).neg().exp() - t
        })
    },
    ..Entry::COMMON
};
