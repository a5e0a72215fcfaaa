use crate::mgh::{around, numbers};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_gaussian",
    family: Family::Mgh,
    number: 9,
    formula: "x₁ exp(−x₂ (tᵢ − x₃)²/2) − yᵢ, t = (8 − i)/2",
    dims: Dims::Fixed(3),
    source: MGH,
    make: |_, _| {
        let facts = around([0.4, 1.0, 0.0])
            .global([0.3989561378387567, 1.000019084487833, 0.0], 1.1279327696185127e-08);
        Made::squares(facts, |x| {
            let (t, y) = (
                constant(numbers(15).iter().map(|i| (8.0 - i) / 2.0).collect::<Vec<_>>(), &x),
                constant(Y, &x),
            );
            let [a, b, c] = coordinates(x);
            a * ((t - c).square() * b * -0.5).exp() - y
        })
    },
    ..Entry::COMMON
};

const Y: [f64; 15] = [
    0.0009, 0.0044, 0.0175, 0.054, 0.1295, 0.242, 0.3521, 0.3989, 0.3521, 0.242, 0.1295, 0.054, 0.0175, 0.0044,
    0.0009,
];
