use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "michalewicz",
    family: Family::Multimodal,
    formula: "−Σ sin xᵢ sin²ᵐ(i xᵢ²/π), m = 10",
    dims: Dims::from(1, 5),
    note: "Steep canyons separated by flats. The minimum is stated for up to five coordinates.",
    source: "Z. Michalewicz, Genetic Algorithms + Data Structures = Evolution Programs, Springer (1992)",
    make: |n, _| {
        let facts = Facts::in_cube(n, 0.0, PI).start(vec![2.0; n]);
        let facts = match MINIMUM.get(..n) {
            None => facts.lowest(Lowest::Bound(-(n as f64))),
            Some(minimum) => {
                let x: Vec<f64> = minimum.iter().map(|[x, _]| *x).collect();
                let value = minimum.iter().map(|[_, value]| value).sum();
                facts.minimum(x, value).lowest(Lowest::InBox(value))
            }
        };
        Made::new(facts, move |x| {
            let numbers = constant(weights(n, |i| (i + 1.0) / PI), &x);
            let s2 = sin2(x.clone().square() * numbers);
            let s4 = s2.square();
            let s16 = s4.clone().square().square();
            (x.sin() * s16 * s4).sum().neg()
        })
    },
    ..Entry::COMMON
};

/// The best value of each coordinate and what it gives.
const MINIMUM: [[f64; 2]; 5] = [
    [2.2029055201726093, -0.8013034100985525],
    [0.5 * PI, -1.0],
    [1.2849915705529245, -0.9590912698960059],
    [1.9230584698663629, -0.9384624184720834],
    [1.7204697725658413, -0.9888010806215044],
];
