use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "saddle_index_k",
    family: Family::Saddle,
    formula: "½ (Σ_{i>k} xᵢ² − Σ_{i≤k} xᵢ²)",
    dims: Dims::from(1, 10),
    parameters: &[Parameter::whole("k", 3.0, [0.0, 1e9], "how many directions lead down")],
    note: "The quadratic model of every nondegenerate saddle, with eigenvalues 1 and −1.",
    source: "textbook",
    check: |n, p| match p.whole("k") <= n {
        true => Ok(()),
        false => Err(Error::Parameter(format!(
            "`k` of `saddle_index_k` is {}, but only {n} coordinates can lead down; lower `k` or raise `n`.",
            p["k"]
        ))),
    },
    make: |n, p| {
        let k = p.whole("k");
        let facts = Facts::in_cube(n, -2.0, 2.0);
        let facts = match k {
            0 => facts.global(vec![0.0; n], 0.0),
            _ => facts.saddle(vec![0.0; n], 0.0, k, 0).lowest(Lowest::Unbounded),
        };
        Made::new(facts, move |x| {
            let signs = constant(weights(n, |i| if (i as usize) < k { -0.5 } else { 0.5 }), &x);
            (x.square() * signs).sum()
        })
    },
    ..Entry::COMMON
};
