use crate::mgh::{around, numbers};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_meyer",
    family: Family::Mgh,
    number: 10,
    formula: "x₁ exp(x₂/(tᵢ + x₃)) − yᵢ, t = 45 + 5i",
    dims: Dims::Fixed(3),
    note: "The condition at the minimum is about 10¹⁶; f32 cannot hold it, and overflows in a corner of the \
           box.",
    source: MGH,
    make: |_, _| {
        let facts = around([0.02, 4000.0, 250.0])
            .global([0.005609636474751222, 6181.346345733016, 345.2236346055085], 87.94585517043032);
        Made::squares(facts, |x| {
            let (t, y) =
                (constant(numbers(16).iter().map(|i| 45.0 + 5.0 * i).collect::<Vec<_>>(), &x), constant(Y, &x));
            let [a, b, c] = coordinates(x);
            a * (b / (t + c)).exp() - y
        })
    },
    ..Entry::COMMON
};

const Y: [f64; 16] = [
    34780.0, 28610.0, 23650.0, 19630.0, 16370.0, 13720.0, 11540.0, 9744.0, 8261.0, 7030.0, 6005.0, 5147.0,
    4427.0, 3820.0, 3307.0, 2872.0,
];
