use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "cross_in_tray",
    family: Family::Multimodal,
    formula: "−10⁻⁴ (|sin x sin y exp|100 − r/π|| + 1)^0.1",
    dims: Dims::Fixed(2),
    smoothness: Smoothness::Kinks(
        "where a coordinate is a multiple of π and at the origin, where the derivative 0 is taken",
    ),
    note: "Four equal minima at (±1.3494, ±1.3494) between kinks on a grid.",
    source: MISHRA,
    make: |n, _| {
        let (a, lowest) = (1.3494066171539107, -2.062611870822737);
        let corners = [[a, a], [a, -a], [-a, a], [-a, -a]];
        let facts = Facts::in_cube(n, -10.0, 10.0).start([1.0, 2.0]).lowest(Lowest::InBox(lowest));
        let facts = corners.into_iter().fold(facts, |facts, corner| facts.minimum(corner, lowest));
        Made::new(facts, |x| {
            // (s eᵗ + 1)^0.1 = (s + e⁻ᵗ)^0.1 e^(t/10), which f32 can hold.
            let t = (norm(x.clone()) / PI).neg().add_scalar(100.0).abs();
            let s = x.sin().prod().abs() + t.clone().neg().exp();
            raise(s, 0.1) * (t * 0.1).exp() * -1e-4
        })
    },
    ..Entry::COMMON
};
