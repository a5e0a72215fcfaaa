//! Finite sums, of which an evaluation sees a random part.

use burn::tensor::{Distribution, Int, Tensor};

use crate::parameter::{Parameter, Parameters};
use crate::random::Numbers;

pub(super) const PARAMETERS: &[Parameter] = &[
    Parameter::whole("components", 32.0, [2.0, 1e6], "how many functions the landscape is the mean of"),
    Parameter::whole(
        "batch",
        1.0,
        [1.0, 1e6],
        "how many of them are drawn for an evaluation, with replacement",
    ),
    Parameter::real("spread", 0.5, [0.0, 1e300], "how much they differ"),
    Parameter::seed("which functions"),
];

/// `components` rows of `width` normal numbers, whose mean is zero.
pub(super) fn centred(p: &Parameters, width: usize) -> Vec<f64> {
    let count = p.whole("components");
    let mut rows = Numbers::new(p.seed("seed"), 2).normals(count * width);
    for j in 0..width {
        let mean = rows[j..].iter().step_by(width).sum::<f64>() / count as f64;
        rows[j..].iter_mut().step_by(width).for_each(|v| *v -= mean);
    }
    rows
}

/// The numbers of the functions in a batch.
pub(super) fn drawn(batch: usize, components: usize, like: &Tensor<1>) -> Tensor<1, Int> {
    let uniform = Tensor::<1>::random([batch], Distribution::Default, (&like.device(), like.dtype()));
    (uniform * components as f64).floor().clamp(0.0, components as f64 - 1.0).int()
}
