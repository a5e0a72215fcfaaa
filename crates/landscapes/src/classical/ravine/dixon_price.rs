use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "dixon_price",
    family: Family::Ravine,
    formula: "(x₁ − 1)² + Σ_{i≥2} i (2xᵢ² − xᵢ₋₁)²",
    dims: Dims::from(2, 5),
    note: "Two minima that differ in the sign of the last coordinate, and a trap at (⅓, 0, …, 0), a degenerate \
           saddle from three coordinates on.",
    source: "L. C. W. Dixon and R. C. Price, Truncated Newton method for sparse unconstrained optimization \
             using automatic differentiation, Journal of Optimization Theory and Applications 60 (1989) \
             261–275",
    make: |n, _| {
        let minimum = weights(n, |i| (2f64).powf(-(1.0 - 0.5f64.powf(i))));
        let mut other = minimum.clone();
        other[n - 1] *= -1.0;
        let trap = weights(n, |i| if i == 0.0 { 1.0 / 3.0 } else { 0.0 });
        let (index, nullity) = if n == 2 { (1, 0) } else { (0, 1) };
        let facts = Facts::in_cube(n, -10.0, 10.0)
            .start(vec![1.0; n])
            .global(minimum, 0.0)
            .minimum(other, 0.0)
            .saddle(trap, 2.0 / 3.0, index, nullity);
        Made::new(facts, move |x| {
            let weights = constant((2..=n).map(|i| i as f64).collect::<Vec<_>>(), &x);
            let (head, tail) = (head(&x, 1), tail(&x, 1));
            (x.slice(0..1) - 1.0).square() + ((tail.square() * 2.0 - head).square() * weights).sum()
        })
    },
    ..Entry::COMMON
};
