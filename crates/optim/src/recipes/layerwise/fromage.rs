use crate::prelude::*;

recipe! {
    /// Fromage: a step relative to the size of the weights, after which they are drawn in so that they do not grow.
    ///
    /// `θ ← (θ − η ‖θ‖ / ‖g‖ · g) / √(1 + η²)`, with norms of at least `min_norm`, for each tensor.
    ///
    /// J. Bernstein, A. Vahdat, Y. Yue and M.-Y. Liu, On the distance between two neural networks and the stability of learning,
    /// NeurIPS (2020), arXiv:2002.03432. As in optax.
    pub struct Fromage = "fromage" {
        /// Learning rate `η`.
        lr: f64 = 1e-2, in NonNegative;
        /// The least norm.
        min_norm: f64 = 1e-6, in NonNegative;
    }
}

/// `θ ← (θ − u) / √(1 + η²)`.
#[derive(Debug)]
struct DrawnIn;

impl Transform for DrawnIn {
    fn update(&self, update: Tensor<1>, _state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let factor = (step.lr.clone().square() + 1.0).sqrt().recip();
        update * factor.clone() + param.value.clone() * (factor.neg() + 1.0)
    }
}

impl Recipe for Fromage {
    const CITATION: &'static str = "\
@inproceedings{bernstein2020,
  author = {Bernstein, Jeremy and Vahdat, Arash and Yue, Yisong and Liu, Ming-Yu},
  title = {On the Distance between Two Neural Networks and the Stability of Learning},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2020}, eprint = {2002.03432}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &["optax.fromage(learning_rate: lr, min_norm)"];

    fn links(&self) -> Result<Chain> {
        let ratio = ScaleByTrustRatio { min_norm: self.min_norm, ..ScaleByTrustRatio::default() };
        Ok(Chain::new(ratio).then(ScaleByLr).then(DrawnIn))
    }
}
