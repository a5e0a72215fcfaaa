use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "different_powers",
    family: Family::Ravine,
    formula: "Σ |xᵢ|^(2 + 4(i−1)/(n−1))",
    dims: Dims::from(2, 5),
    smoothness: Smoothness::Twice("at zero in a coordinate whose power is not even"),
    note: "Towards the minimum the sensitivities to the coordinates drift apart without end; only one \
           eigenvalue is not zero there.",
    source: "f14 of BBOB without its root and rotation",
    make: |n, _| {
        let facts = Facts::in_cube(n, -1.0, 1.0)
            .start(vec![1.0; n])
            .flat_minimum(vec![0.0; n], 0.0, n - 1)
            .lowest(Lowest::Everywhere(0.0));
        Made::new(facts, move |x| {
            let powers: Vec<f64> = ramp(n).into_iter().skip(1).map(|r| 2.0 + 4.0 * r).collect();
            let powers = constant(powers, &x);
            // |x|² would have a kink for a differentiator.
            x.clone().slice(0..1).square() + tail(&x, 1).abs().powf(powers).sum()
        })
    },
    ..Entry::COMMON
};
