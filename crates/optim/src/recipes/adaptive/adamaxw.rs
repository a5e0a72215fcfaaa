use super::adamax::{Adamax, Rule};
use crate::prelude::*;

recipe! {
    /// Adamax whose weight decay does not pass through the averages: `optax.adamaxw`.
    ///
    /// ```text
    /// m ← β₁ m + (1 − β₁) g
    /// u ← max(β₂ u, |g| + ε)
    /// θ ← (1 − η λ) θ − η / (1 − β₁ᵗ) · m / u
    /// ```
    /// [`Adamax`] with the weight decay of [`AdamW`](super::AdamW).
    pub struct AdamaxW = "adamaxw" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
        /// Decay `β₁` of the average of gradients.
        beta1: f64 = 0.9, in Decay;
        /// Decay `β₂` of the largest magnitude.
        beta2: f64 = 0.999, in Decay;
        /// `ε`, added to each magnitude.
        eps: f64 = 1e-8, in NonNegative;
        /// Weight decay `λ`, multiplied by the learning rate.
        weight_decay: f64 = 1e-4, in NonNegative;
    }
}

impl Recipe for AdamaxW {
    const CITATION: &'static str = "\
@inproceedings{loshchilov2019,
  author = {Loshchilov, Ilya and Hutter, Frank},
  title = {Decoupled Weight Decay Regularization},
  booktitle = {International Conference on Learning Representations},
  year = {2019}, eprint = {1711.05101}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] =
        &["optax.adamaxw(learning_rate: lr, b1: beta1, b2: beta2, eps, weight_decay, -mask)"];

    fn links(&self) -> Result<Chain> {
        let AdamaxW { lr, beta1, beta2, eps, weight_decay } = self.clone();
        let adamax = Adamax { lr, beta1, beta2, eps, weight_decay: 0.0 };
        Ok(Chain::new(Rule::of(&adamax)).decayed(weight_decay).then(ScaleByLr))
    }
}
