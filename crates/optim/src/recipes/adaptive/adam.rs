use crate::prelude::*;

recipe! {
    /// Adam: averaged gradients over the root of averaged squares, both corrected for their start from zero.
    ///
    /// ```text
    /// g ← g + λ θ
    /// m ← β₁ m + (1 − β₁) g
    /// v ← β₂ v + (1 − β₂) g²
    /// θ ← θ − η m̂ / (√v̂ + ε)      m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)
    /// ```
    /// With `amsgrad` the denominator holds the largest `v` so far, before its correction. With `nesterov` it is optax's
    /// form of Nadam: `m̂ = (β₁ m / (1 − β₁ᵗ⁺¹) + (1 − β₁) g / (1 − β₁ᵗ))`.
    ///
    /// D. P. Kingma and J. Ba, Adam: a method for stochastic optimization, ICLR (2015), arXiv:1412.6980; AMSGrad:
    /// S. J. Reddi, S. Kale and S. Kumar, On the convergence of Adam and beyond, ICLR (2018).
    pub struct Adam = "adam" {
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
        /// Weight decay `λ`, added to the gradient.
        weight_decay: f64 = 0.0, in NonNegative;
        /// Whether the denominator keeps the largest second moment.
        amsgrad: bool = false, in Any;
        /// Whether the first moment looks one step ahead.
        nesterov: bool = false, in Any;
    }
}

impl Adam {
    /// The averages alone, without weight decay and learning rate.
    pub(crate) fn scale(&self) -> ScaleByAdam {
        ScaleByAdam {
            beta1: self.beta1,
            beta2: self.beta2,
            eps: self.eps,
            eps_root: self.eps_root,
            amsgrad: self.amsgrad,
            nesterov: self.nesterov,
        }
    }
}

impl Recipe for Adam {
    const CITATION: &'static str = "\
@inproceedings{kingma2015,
  author = {Kingma, Diederik P. and Ba, Jimmy},
  title = {Adam: A Method for Stochastic Optimization},
  booktitle = {International Conference on Learning Representations},
  year = {2015}, eprint = {1412.6980}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "torch.optim.Adam(params, lr, betas: [beta1, beta2], eps, weight_decay, amsgrad)",
        "optax.adam(learning_rate: lr, b1: beta1, b2: beta2, eps, eps_root, nesterov)",
        "optax.nadam(learning_rate: lr, b1: beta1, b2: beta2, eps, eps_root; nesterov=true)",
    ];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::default().decayed(self.weight_decay).then(self.scale()).then(ScaleByLr))
    }
}
