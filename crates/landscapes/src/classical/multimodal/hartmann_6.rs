use crate::classical::multimodal::hartmann_3::wells;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "hartmann_6",
    family: Family::Multimodal,
    formula: "−Σₖ αₖ exp(−Σⱼ Aₖⱼ (xⱼ − Pₖⱼ)²), α = (1, 1.2, 3, 3.2)",
    dims: Dims::Fixed(6),
    note: "Four wells.",
    source: DIXON_SZEGO,
    make: |n, _| {
        let minimum = [
            0.20168951100670543,
            0.15001069182345797,
            0.476873974221897,
            0.2753324304940561,
            0.31165161660011326,
            0.6573005340656203,
        ];
        let facts = Facts::in_cube(n, 0.0, 1.0)
            .start([0.5; 6])
            .minimum(minimum, -3.3223680114155147)
            .lowest(Lowest::InBox(-3.3223680114155147));
        Made::new(facts, |x| wells(x, &A, &P))
    },
    ..Entry::COMMON
};

const A: [f64; 24] = [
    10.0, 3.0, 17.0, 3.5, 1.7, 8.0, 0.05, 10.0, 17.0, 0.1, 8.0, 14.0, 3.0, 3.5, 1.7, 10.0, 17.0, 8.0, 17.0,
    8.0, 0.05, 10.0, 0.1, 14.0,
];
const P: [f64; 24] = [
    0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886, 0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991, 0.2348,
    0.1451, 0.3522, 0.2883, 0.3047, 0.665, 0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381,
];
