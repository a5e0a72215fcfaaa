use crate::mgh::numbers;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_bard",
    family: Family::Mgh,
    number: 8,
    formula: "yᵢ − (x₁ + uᵢ/(vᵢx₂ + wᵢx₃)), u = i, v = 16 − i, w = min(u, v)",
    dims: Dims::Fixed(3),
    note: "Along a ray to infinity the value tends to 17.4286, where methods may end.",
    source: MGH,
    make: |_, _| {
        let facts = Facts::in_cube(3, 0.01, 3.0)
            .start([1.0; 3])
            .global([0.08241055974979213, 1.1330360920298275, 2.343695178642436], 0.00821487730657895);
        Made::squares(facts, |x| {
            let u = numbers(15);
            let v: Vec<f64> = u.iter().map(|u| 16.0 - u).collect();
            let w: Vec<f64> = u.iter().zip(&v).map(|(u, v)| u.min(*v)).collect();
            let [y, u, v, w] = [Y.to_vec(), u, v, w].map(|values| constant(values, &x));
            let [a, b, c] = coordinates(x);
            y - (u / (v * b + w * c) + a)
        })
    },
    ..Entry::COMMON
};

const Y: [f64; 15] = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.1, 4.39];
