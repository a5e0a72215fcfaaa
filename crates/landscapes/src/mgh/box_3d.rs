use crate::mgh::{around, numbers};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_box_3d",
    family: Family::Mgh,
    number: 12,
    formula: "e^(−t x₁) − e^(−t x₂) − x₃ (e^(−t) − e^(−10t)), t = i/10",
    dims: Dims::Fixed(3),
    parameters: &[Parameter::whole("m", 10.0, [3.0, 1e4], "the number of residuals")],
    note: "Also zero at (10, 1, −1), and wherever x₁ = x₂ and x₃ = 0.",
    source: MGH,
    make: |_, p| {
        let m = p.whole("m");
        let facts = around([0.0, 10.0, 20.0]).global([1.0, 10.0, 1.0], 0.0).minimum([10.0, 1.0, -1.0], 0.0);
        Made::squares(facts, move |x| {
            let t: Vec<f64> = numbers(m).iter().map(|i| i / 10.0).collect();
            let gap: Vec<f64> = t.iter().map(|t| (-t).exp() - (-10.0 * t).exp()).collect();
            let (t, gap) = (constant(t, &x), constant(gap, &x));
            let [a, b, c] = coordinates(x);
            (t.clone() * a.neg()).exp() - (t * b.neg()).exp() - gap * c
        })
    },
    ..Entry::COMMON
};
