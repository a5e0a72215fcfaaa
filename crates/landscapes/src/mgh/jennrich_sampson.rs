use crate::mgh::{around, least, numbers};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_jennrich_sampson",
    family: Family::Mgh,
    number: 6,
    formula: "2 + 2i − (e^(i x₁) + e^(i x₂))",
    dims: Dims::Fixed(2),
    parameters: &[Parameter::whole("m", 10.0, [2.0, 1e4], "the number of residuals")],
    source: MGH,
    make: |_, p| {
        let m = p.whole("m");
        let facts =
            least(around([0.3, 0.4]), m == 10, [0.2578252144225759, 0.25782521292739535], 124.36218235561478);
        Made::squares(facts, move |x| {
            let i = constant(numbers(m), &x);
            let [a, b] = coordinates(x);
            (i.clone() + 1.0) * 2.0 - (i.clone() * a).exp() - (i * b).exp()
        })
    },
    ..Entry::COMMON
};
