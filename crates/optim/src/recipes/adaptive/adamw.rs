use super::Adam;
use crate::prelude::*;

recipe! {
    /// AdamW: Adam whose weight decay does not pass through the averages.
    ///
    /// ```text
    /// m ← β₁ m + (1 − β₁) g
    /// v ← β₂ v + (1 − β₂) g²
    /// θ ← (1 − η λ) θ − η m̂ / (√v̂ + ε)      m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)
    /// ```
    /// `amsgrad` and `nesterov` are those of [`Adam`]; with `nesterov` it is `optax.nadamw`. The default of the weight
    /// decay is PyTorch's, 0.01; optax and Burn have 1e-4.
    ///
    /// I. Loshchilov and F. Hutter, Decoupled weight decay regularization, ICLR (2019), arXiv:1711.05101.
    pub struct AdamW = "adamw" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
        /// Decay `β₁` of the average of gradients.
        beta1: f64 = 0.9, in Decay;
        /// Decay `β₂` of the average of their squares.
        beta2: f64 = 0.999, in Decay;
        /// `ε`, outside of the root.
        eps: f64 = 1e-8, in NonNegative;
        /// What is added inside of the root.
        eps_root: f64 = 0.0, in NonNegative;
        /// Weight decay `λ`, multiplied by the learning rate.
        weight_decay: f64 = 1e-2, in NonNegative;
        /// Whether the denominator keeps the largest second moment.
        amsgrad: bool = false, in Any;
        /// Whether the first moment looks one step ahead.
        nesterov: bool = false, in Any;
    }
}

impl Recipe for AdamW {
    const CITATION: &'static str = "\
@inproceedings{loshchilov2019,
  author = {Loshchilov, Ilya and Hutter, Frank},
  title = {Decoupled Weight Decay Regularization},
  booktitle = {International Conference on Learning Representations},
  year = {2019}, eprint = {1711.05101}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "torch.optim.AdamW(params, lr, betas: [beta1, beta2], eps, weight_decay, amsgrad)",
        "optax.adamw(learning_rate: lr, b1: beta1, b2: beta2, eps, eps_root, -mu_dtype, weight_decay = 1e-4, -mask, nesterov)",
        "optax.nadamw(learning_rate: lr, b1: beta1, b2: beta2, eps, eps_root, -mu_dtype, weight_decay = 1e-4; nesterov=true)",
    ];

    fn links(&self) -> Result<Chain> {
        let AdamW { lr, beta1, beta2, eps, eps_root, weight_decay, amsgrad, nesterov } = self.clone();
        let adam = Adam { lr, beta1, beta2, eps, eps_root, weight_decay: 0.0, amsgrad, nesterov };
        Ok(Chain::default().then(adam.scale()).decayed(weight_decay).then(ScaleByLr))
    }
}
