use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "levy",
    family: Family::Ravine,
    formula: "sin² πw₁ + Σ_{i<n} (wᵢ − 1)² (1 + 10 sin²(πwᵢ + 1)) + (wₙ − 1)² (1 + sin² 2πwₙ), w = 1 + (x − \
              1)/4",
    dims: Dims::from(1, 5),
    note: "Ripples over a bowl; often filed under multimodal.",
    source: "A. V. Levy and A. Montalvo, The tunneling algorithm for the global minimization of functions, \
             SIAM Journal on Scientific and Statistical Computing 6 (1985) 15–29",
    make: |n, _| {
        let facts = Facts::in_cube(n, -10.0, 10.0).start(vec![0.0; n]).global(vec![1.0; n], 0.0);
        // With u = w − 1, since sin² has period π.
        Made::new(facts, move |x| {
            let u = (x - 1.0) * 0.25;
            let last = u.clone().slice(n - 1..n);
            let first = sin2(u.clone().slice(0..1) * PI) + last.clone().square() * (sin2(last * TAU) + 1.0);
            match n {
                1 => first,
                _ => {
                    let u = head(&u, 1);
                    first + (u.clone().square() * (sin2(u * PI + 1.0) * 10.0 + 1.0)).sum()
                }
            }
        })
    },
    ..Entry::COMMON
};
