use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "hilbert_quadratic",
    family: Family::Ravine,
    formula: "½ x'Hx, Hᵢⱼ = 1/(i + j − 1)",
    dims: Dims::dense(1, 6),
    note: "The classic of bad conditioning: 1.5·10⁷ at n = 6. From n = 6 on in f32, and from n = 12 on in f64, \
           the smallest eigenvalues are below rounding.",
    source: "D. Hilbert, Ein Beitrag zur Theorie des Legendre’schen Polynoms, Acta Mathematica 18 (1894) \
             155–159, for the matrix",
    make: |n, _| {
        let facts = Facts::in_cube(n, -5.0, 5.0).start(vec![1.0; n]).global(vec![0.0; n], 0.0);
        let h: Vec<f64> = (0..n).flat_map(|i| (0..n).map(move |j| 1.0 / (i + j + 1) as f64)).collect();
        Made::new(facts, move |x| (apply(&h, x.clone()) * x).sum() * 0.5)
    },
    ..Entry::COMMON
};
