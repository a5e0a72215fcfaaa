use crate::mgh::around;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_freudenstein_roth",
    family: Family::Mgh,
    number: 2,
    formula: "−13 + x₁ + ((5 − x₂) x₂ − 2) x₂, −29 + x₁ + ((x₂ + 1) x₂ − 14) x₂",
    dims: Dims::Fixed(2),
    note: "From the standard start most methods end in the higher minimum.",
    source: MGH,
    make: |_, _| {
        let facts = around([0.5, -2.0])
            .global([5.0, 4.0], 0.0)
            .minimum([11.412778986902, -0.896805253274], 48.98425367924);
        Made::squares(facts, |x| {
            let [x, y] = coordinates(x);
            let first = ((y.clone().neg() + 5.0) * y.clone() - 2.0) * y.clone() + x.clone() - 13.0;
            let second = ((y.clone() + 1.0) * y.clone() - 14.0) * y + x - 29.0;
            Tensor::cat(vec![first, second], 0)
        })
    },
    ..Entry::COMMON
};
