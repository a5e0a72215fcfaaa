use crate::mgh::{around, least, numbers};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_brown_dennis",
    family: Family::Mgh,
    number: 16,
    formula: "(x₁ + t x₂ − eᵗ)² + (x₃ + x₄ sin t − cos t)², t = i/5",
    dims: Dims::Fixed(4),
    parameters: &[Parameter::whole("m", 20.0, [4.0, 1e4], "the number of residuals")],
    source: MGH,
    make: |_, p| {
        let m = p.whole("m");
        let facts = least(
            around([25.0, 5.0, -5.0, -1.0]),
            m == 20,
            [-11.594439904762165, 13.203630051207204, -0.40343948817685954, 0.2367787744557363],
            85822.20162635644,
        );
        Made::squares(facts, move |x| {
            let t = constant(numbers(m).iter().map(|i| i / 5.0).collect::<Vec<_>>(), &x);
            let [a, b, c, d] = coordinates(x);
            let first = t.clone() * b + a - t.clone().exp();
            let second = t.clone().sin() * d + c - t.cos();
            first.square() + second.square()
        })
    },
    ..Entry::COMMON
};
