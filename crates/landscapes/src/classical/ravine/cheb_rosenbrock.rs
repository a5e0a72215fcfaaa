use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "cheb_rosenbrock",
    family: Family::Ravine,
    formula: "(x₁ − 1)²/4 + Σ (xᵢ₊₁ − 2xᵢ² + 1)²",
    dims: Dims::from(2, 5),
    note: "The valley follows Chebyshev polynomials: from (−1, 1, …, 1) the way along it grows exponentially \
           with n.",
    source: "M. Gürbüzbalaban and M. L. Overton, On Nesterov’s nonsmooth Chebyshev–Rosenbrock functions, \
             Nonlinear Analysis 75 (2012) 1282–1289",
    make: |n, _| {
        let start = weights(n, |i| if i == 0.0 { -1.0 } else { 1.0 });
        let facts = Facts::in_cube(n, -2.0, 2.0).start(start).global(vec![1.0; n], 0.0);
        Made::new(facts, |x| {
            let (head, tail) = (head(&x, 1), tail(&x, 1));
            let first = x.slice(0..1) - 1.0;
            first.square() * 0.25 + (tail - head.square() * 2.0 + 1.0).square().sum()
        })
    },
    ..Entry::COMMON
};
