use crate::classical::multimodal::goldstein_price;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "picheny_log_gp",
    family: Family::Plateau,
    formula: "ln of the Goldstein–Price function",
    dims: Dims::Fixed(2),
    note: "The logarithm brings nine critical points of very different height to one scale.",
    source: "V. Picheny, T. Wagner and D. Ginsbourger, A benchmark of kriging-based infill criteria for noisy \
             optimization, Structural and Multidisciplinary Optimization 48 (2013) 607–626, without the shift \
             and scale",
    make: |n, _| {
        let facts = goldstein_price::facts(n).revalued(f64::ln);
        Made::new(facts, |x| goldstein_price::value(x).log())
    },
    ..Entry::COMMON
};
