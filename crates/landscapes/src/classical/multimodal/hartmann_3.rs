use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "hartmann_3",
    family: Family::Multimodal,
    formula: "−Σₖ αₖ exp(−Σⱼ Aₖⱼ (xⱼ − Pₖⱼ)²), α = (1, 1.2, 3, 3.2)",
    dims: Dims::Fixed(3),
    note: "Four wells. The entry 0.0381 of P is the original’s; with 0.03815, as often printed, the minimum is \
           −3.86278215.",
    source: DIXON_SZEGO,
    make: |n, _| {
        let facts = Facts::in_cube(n, 0.0, 1.0)
            .start([0.5; 3])
            .minimum([0.11458887665506896, 0.55564889461693, 0.8525469846866774], -3.8627797873326624)
            .lowest(Lowest::InBox(-3.8627797873326624));
        Made::new(facts, |x| wells(x, &A, &P))
    },
    ..Entry::COMMON
};

const A: [f64; 12] = [3.0, 10.0, 30.0, 0.1, 10.0, 35.0, 3.0, 10.0, 30.0, 0.1, 10.0, 35.0];
const P: [f64; 12] =
    [0.3689, 0.117, 0.2673, 0.4699, 0.4387, 0.747, 0.1091, 0.8732, 0.5547, 0.0381, 0.5743, 0.8828];

/// Four anisotropic Gaussian wells with the rows of `a` as curvatures and those of `p` as centres.
pub(crate) fn wells(x: Tensor<1>, a: &[f64], p: &[f64]) -> Tensor<1> {
    let n = x.dims()[0];
    let heights = constant([1.0, 1.2, 3.0, 3.2], &x);
    let (a, p) = (matrix(a, n, &x), matrix(p, n, &x));
    let distances = ((x.reshape([1, n]) - p).square() * a).sum_dim(1).reshape([4]);
    (distances.neg().exp() * heights).sum().neg()
}
