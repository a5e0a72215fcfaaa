use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_kowalik_osborne",
    family: Family::Mgh,
    number: 15,
    formula: "yᵢ − x₁ (uᵢ² + uᵢx₂)/(uᵢ² + uᵢx₃ + x₄)",
    dims: Dims::Fixed(4),
    source: MGH,
    make: |_, _| {
        let facts = Facts::in_cube(4, 0.0, 1.0).start([0.25, 0.39, 0.415, 0.39]).global(
            [0.19280693484197392, 0.19128232294652936, 0.12305650581330052, 0.1360623280367674],
            0.00030750560384923664,
        );
        Made::squares(facts, |x| {
            let (y, u) = (constant(Y, &x), constant(U, &x));
            let [a, b, c, d] = coordinates(x);
            y - (u.clone() + b) * u.clone() * a / ((u.clone() + c) * u + d)
        })
    },
    ..Entry::COMMON
};

const Y: [f64; 11] = [0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246];
const U: [f64; 11] = [4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625];
