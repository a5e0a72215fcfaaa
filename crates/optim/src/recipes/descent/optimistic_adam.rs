use super::optimistic_gd::Optimism;
use crate::prelude::*;

recipe! {
    /// Optimistic Adam: Adam's step, corrected by how it has changed.
    ///
    /// `u ← Adam(g)`, `θ ← θ − η ((α + β) u − β u₋)`, with `u₋ = u` in the first step.
    ///
    /// C. Daskalakis, A. Ilyas, V. Syrgkanis and H. Zeng, Training GANs with optimism, ICLR (2018), arXiv:1711.00141. As
    /// `optax.optimistic_adam_v2`, whose Adam looks one step ahead by default.
    pub struct OptimisticAdam = "optimistic_adam" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
        /// The weight `α` of the step.
        alpha: f64 = 1.0, in Finite;
        /// The weight `β` of its change.
        beta: f64 = 1.0, in Finite;
        /// Decay `β₁` of the average of gradients.
        beta1: f64 = 0.9, in Decay;
        /// Decay `β₂` of the average of their squares.
        beta2: f64 = 0.999, in Decay;
        /// `ε`, outside of the root.
        eps: f64 = 1e-8, in NonNegative;
        /// What is added inside of the root, `ε′`.
        eps_root: f64 = 0.0, in NonNegative;
        /// Whether the first moment looks one step ahead.
        nesterov: bool = true, in Any;
    }
}

impl Recipe for OptimisticAdam {
    const CITATION: &'static str = "\
@inproceedings{daskalakis2018,
  author = {Daskalakis, Constantinos and Ilyas, Andrew and Syrgkanis, Vasilis and Zeng, Haoyang},
  title = {Training {GANs} with Optimism},
  booktitle = {International Conference on Learning Representations},
  year = {2018}, eprint = {1711.00141}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "optax.optimistic_adam_v2(learning_rate: lr, alpha, beta, b1: beta1, b2: beta2, eps, eps_root, -mu_dtype, nesterov)",
    ];

    fn links(&self) -> Result<Chain> {
        let OptimisticAdam { alpha, beta, beta1, beta2, eps, eps_root, nesterov, .. } = *self;
        let adam = ScaleByAdam { beta1, beta2, eps, eps_root, amsgrad: false, nesterov };
        Ok(Chain::new(adam).then(Optimism { alpha, beta }).then(ScaleByLr))
    }
}
