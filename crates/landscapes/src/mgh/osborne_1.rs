use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_osborne_1",
    family: Family::Mgh,
    number: 17,
    formula: "yᵢ − (x₁ + x₂ e^(−t x₄) + x₃ e^(−t x₅)), t = 10 (i − 1)",
    dims: Dims::Fixed(5),
    source: MGH,
    make: |_, _| {
        let facts = Facts::in_box(vec![[0.0, 1.0], [0.0, 3.0], [-3.0, 0.0], [0.0, 0.05], [0.0, 0.05]])
            .start([0.5, 1.5, -1.0, 0.01, 0.02])
            .global(
                [
                    0.37541005213057643,
                    1.935846915694516,
                    -1.4646871396116106,
                    0.012867534646005369,
                    0.022122699649403867,
                ],
                5.464894697482547e-05,
            );
        Made::squares(facts, |x| {
            let t = constant(weights(33, |i| 10.0 * i), &x);
            let y = constant(Y, &x);
            let [a, b, c, d, e] = coordinates(x);
            let decay = |rate: Tensor<1>| (t.clone() * rate.neg()).exp();
            y - (decay(d) * b + decay(e) * c + a)
        })
    },
    ..Entry::COMMON
};

const Y: [f64; 33] = [
    0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.85, 0.818, 0.784, 0.751, 0.718, 0.685, 0.658, 0.628,
    0.603, 0.58, 0.558, 0.538, 0.522, 0.506, 0.49, 0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.42,
    0.414, 0.411, 0.406,
];
