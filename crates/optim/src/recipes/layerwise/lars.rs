use crate::prelude::*;

recipe! {
    /// LARS: momentum of gradients that are scaled for each tensor in proportion to its weights.
    ///
    /// ```text
    /// u = g + λ θ
    /// u ← c ‖θ‖ / (‖u‖ + ε) · u                    without the ratio where a norm is 0
    /// b ← μ b + η u
    /// θ ← θ − b                                    nesterov: θ ← θ − (η u + μ b)
    /// ```
    /// Y. You, I. Gitman and B. Ginsburg, Large batch training of convolutional networks (2017), arXiv:1708.03888. As in optax, where
    /// every tensor is scaled.
    pub struct Lars = "lars" {
        /// Learning rate `η`.
        lr: f64 = 0.1, in NonNegative;
        /// Weight decay `λ`, added to the gradient.
        weight_decay: f64 = 0.0, in NonNegative;
        /// The ratio `c` of the norms.
        trust_coefficient: f64 = 1e-3, in Positive;
        /// `ε`, added to the norm of the gradient.
        eps: f64 = 0.0, in NonNegative;
        /// Momentum `μ`.
        momentum: f64 = 0.9, in Unit;
        /// Nesterov's form of momentum.
        nesterov: bool = false, in Any;
    }
}

impl Recipe for Lars {
    const CITATION: &'static str = "\
@misc{you2017,
  author = {You, Yang and Gitman, Igor and Ginsburg, Boris},
  title = {Large Batch Training of Convolutional Networks},
  year = {2017}, eprint = {1708.03888}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "optax.lars(learning_rate: lr, weight_decay, -weight_decay_mask, trust_coefficient, eps, -trust_ratio_mask, momentum, nesterov)",
    ];

    fn links(&self) -> Result<Chain> {
        let ratio =
            ScaleByTrustRatio { min_norm: 0.0, trust_coefficient: self.trust_coefficient, eps: self.eps };
        let momentum = Trace { decay: self.momentum, dampening: 0.0, nesterov: self.nesterov };
        Ok(Chain::default().decayed(self.weight_decay).then(ratio).then(ScaleByLr).then(momentum))
    }
}
