use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "ackley",
    family: Family::Multimodal,
    formula: "−20 exp(−0.2 √(mean xᵢ²)) − exp(mean cos 2πxᵢ) + 20 + e",
    dims: Dims::from(1, 5),
    smoothness: Smoothness::Kinks("the tip of a cone at the origin, where the gradient 0 is taken"),
    note: "A funnel with ripples and a nearly flat far field.",
    source: "D. H. Ackley, A Connectionist Machine for Genetic Hillclimbing, Kluwer (1987)",
    make: |n, _| {
        let facts = Facts::in_cube(n, -32.768, 32.768).start(vec![5.0; n]).kink(vec![0.0; n], 0.0);
        Made::new(facts.lowest(Lowest::Everywhere(0.0)), |x| {
            let cone = (root(x.clone().square().mean()) * -0.2).exp();
            let ripples = (x * TAU).cos().mean().exp();
            (cone - 1.0) * -20.0 - (ripples - 1f64.exp())
        })
    },
    ..Entry::COMMON
};
