use crate::mgh::{around, numbers};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_biggs_exp6",
    family: Family::Mgh,
    number: 18,
    formula: "x₃ e^(−t x₁) − x₄ e^(−t x₂) + x₆ e^(−t x₅) − yᵢ, t = i/10, y = e^(−t) − 5e^(−10t) + 3e^(−4t)",
    dims: Dims::Fixed(6),
    parameters: &[Parameter::whole("m", 13.0, [6.0, 1e4], "the number of residuals")],
    note: "From the standard start methods often end in a minimum of value 0.00565565.",
    source: MGH,
    make: |_, p| {
        let m = p.whole("m");
        let facts = around([1.0, 2.0, 1.0, 1.0, 1.0, 1.0]).global([1.0, 10.0, 1.0, 5.0, 4.0, 3.0], 0.0);
        Made::squares(facts, move |x| {
            let t: Vec<f64> = numbers(m).iter().map(|i| i / 10.0).collect();
            let y = |t: &f64| (-t).exp() - 5.0 * (-10.0 * t).exp() + 3.0 * (-4.0 * t).exp();
            let (y, t) = (constant(t.iter().map(y).collect::<Vec<_>>(), &x), constant(t, &x));
            let [a, b, c, d, e, f] = coordinates(x);
            let decay = |rate: Tensor<1>| (t.clone() * rate.neg()).exp();
            decay(a) * c - decay(b) * d + decay(e) * f - y
        })
    },
    ..Entry::COMMON
};
