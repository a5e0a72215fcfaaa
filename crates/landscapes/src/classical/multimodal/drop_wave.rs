use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "drop_wave",
    family: Family::Multimodal,
    formula: "−(1 + cos 12r)/(r²/2 + 2)",
    dims: Dims::from(1, 2),
    note: "Rings around a well.",
    source: SURJANOVIC_BINGHAM,
    make: |n, _| {
        let facts = Facts::in_cube(n, -5.12, 5.12).start(vec![2.0; n]).global(vec![0.0; n], -1.0);
        Made::new(facts, |x| {
            let r2 = x.square().sum();
            (cosine_of_root(r2.clone() * 144.0) + 1.0).neg() / (r2 * 0.5 + 2.0)
        })
    },
    ..Entry::COMMON
};

/// `cos √s`, which is smooth in `s ≥ 0`: near zero by its series, since the root has no derivative there.
fn cosine_of_root(s: Tensor<1>) -> Tensor<1> {
    const TERMS: u32 = 8;
    // cos √s = 1 − s/(1·2) (1 − s/(3·4) (1 − …)).
    let near = s.clone().lower_elem(0.5);
    let small = s.clone().mask_fill(near.clone().bool_not(), 0.0);
    let step = |rest: Tensor<1>, k: u32| small.clone() * rest / -f64::from((2 * k - 1) * 2 * k) + 1.0;
    let series = (1..=TERMS).rev().fold(s.ones_like(), step);
    s.mask_fill(near.clone(), 1.0).sqrt().cos().mask_where(near, series)
}
