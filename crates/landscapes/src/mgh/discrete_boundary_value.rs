use crate::mgh::{around, least, parabola};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_discrete_boundary_value",
    family: Family::Mgh,
    number: 28,
    formula: "2xᵢ − xᵢ₋₁ − xᵢ₊₁ + h² (xᵢ + tᵢ + 1)³/2, h = 1/(n + 1), t = ih",
    dims: Dims::from(1, 10),
    source: MGH,
    make: |n, _| {
        let facts = least(
            around(parabola(n)),
            n == 10,
            [
                -0.04316498251876487,
                -0.08157715653538689,
                -0.11448571438052929,
                -0.14097357686259668,
                -0.1599086961819831,
                -0.1698772023127749,
                -0.16908998378120835,
                -0.15524953522183182,
                -0.125355891678935,
                -0.07541653368589209,
            ],
            0.0,
        );
        Made::squares(facts, move |x| {
            let h = 1.0 / (n as f64 + 1.0);
            let force = x.clone() + constant(weights(n, |i| (i + 1.0) * h + 1.0), &x);
            let force = force.clone() * force.square() * (h * h / 2.0);
            let edge = x.zeros_like().slice(0..1);
            let before = Tensor::cat(vec![edge.clone(), head(&x, 1)], 0);
            let after = Tensor::cat(vec![tail(&x, 1), edge], 0);
            x * 2.0 - before - after + force
        })
    },
    ..Entry::COMMON
};
