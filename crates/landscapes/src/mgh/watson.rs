use crate::mgh::{around, least};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_watson",
    family: Family::Mgh,
    number: 20,
    formula: "p'(t) − p(t)² − 1 for p(t) = Σ xⱼ tʲ⁻¹ at t = i/29, i = 1, …, 29; x₁; x₂ − x₁² − 1",
    dims: Dims::Free { least: 2, most: 31, step: 1, default: 6 },
    note: "An ill-conditioned collocation of an equation: the minimum is 1.39976·10⁻⁶ at n = 9 and \
           4.72238·10⁻¹⁰ at n = 12.",
    source: MGH,
    make: |n, _| {
        let facts = least(
            around(vec![0.0; n]),
            n == 6,
            [
                -0.01572508718820104,
                1.0124348692874547,
                -0.23299162534921627,
                1.260430081983602,
                -1.513728913958104,
                0.9929964271364063,
            ],
            0.0022876700535523317,
        );
        Made::squares(facts, move |x| {
            let entry = |i: usize, j: usize| (i as f64 / 29.0).powi(j as i32);
            let value: Vec<f64> = (1..=29).flat_map(|i| (0..n).map(move |j| entry(i, j))).collect();
            let slope = |i: usize, j: usize| if j == 0 { 0.0 } else { j as f64 * entry(i, j - 1) };
            let slope: Vec<f64> = (1..=29).flat_map(|i| (0..n).map(move |j| slope(i, j))).collect();
            let interior = apply(&slope, x.clone()) - apply(&value, x.clone()).square() - 1.0;
            let (first, second) = (x.clone().slice(0..1), x.slice(1..2));
            Tensor::cat(vec![interior, first.clone(), second - first.square() - 1.0], 0)
        })
    },
    ..Entry::COMMON
};
