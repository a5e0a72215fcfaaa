use crate::mgh::{around, least};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_broyden_banded",
    family: Family::Mgh,
    number: 31,
    formula: "xᵢ (2 + 5xᵢ²) + 1 − Σ xⱼ (1 + xⱼ) over the five j before i and the one after",
    dims: Dims::from(1, 10),
    source: MGH,
    make: |n, _| {
        let facts = least(
            around(vec![-1.0; n]),
            n == 10,
            [
                -0.4283028635872503,
                -0.47659642435629024,
                -0.5196524636468617,
                -0.5580993248321808,
                -0.5925061568294574,
                -0.624503682199468,
                -0.6232394714405911,
                -0.6213938417965735,
                -0.6204535966590873,
                -0.5864692707204351,
            ],
            0.0,
        );
        Made::squares(facts, move |x| {
            let near = |i: usize, j: usize| j != i && j + 5 >= i && j <= i + 1;
            let band = |i: usize, j: usize| if near(i, j) { 1.0 } else { 0.0 };
            let band: Vec<f64> = (0..n).flat_map(|i| (0..n).map(move |j| band(i, j))).collect();
            let around = apply(&band, x.clone() * (x.clone() + 1.0));
            x.clone() * (x.square() * 5.0 + 2.0) + 1.0 - around
        })
    },
    ..Entry::COMMON
};
