use super::momo::Model;
use crate::prelude::*;

recipe! {
    /// MoMo with Adam: the rate of Adam is bounded by a model of the loss.
    ///
    /// ```text
    /// f̄ ← β₁ f̄ + (1 − β₁) f,   m ← β₁ m + (1 − β₁) g,   γ ← β₁ γ + (1 − β₁) ⟨g, θ⟩,   v ← β₂ v + (1 − β₂) g²
    /// D = ε + √(v / (1 − β₂ᵗ)),   c = 1 − β₁ᵗ
    /// τ = min(η / c, max(0, (1 + η λ) (f̄ − c f* − γ) + ⟨m, θ⟩) / ⟨m, m / D⟩)
    /// θ ← θ / (1 + η λ) − τ m / D
    /// ```
    /// with products over all tensors; see [`Momo`](super::Momo). It needs the value of the loss.
    ///
    /// F. Schaipp, R. Ohana, M. Eickenberg, A. Defazio and R. M. Gower, MoMo: momentum models for adaptive learning rates, ICML
    /// (2024), arXiv:2305.07583. As in optax.
    pub struct MomoAdam = "momo_adam" {
        /// The largest learning rate, `η`.
        lr: f64 = 1e-2, in NonNegative;
        /// Decay `β₁` of the averages of losses and gradients.
        beta1: f64 = 0.9, in Decay;
        /// Decay `β₂` of the average of their squares.
        beta2: f64 = 0.999, in Decay;
        /// `ε`, outside of the root.
        eps: f64 = 1e-8, in NonNegative;
        /// A lower bound `f*` on the loss.
        lower_bound: f64 = 0.0, in Finite;
        /// Weight decay `λ`, proximal.
        weight_decay: f64 = 0.0, in NonNegative;
        /// Whether the bound is estimated.
        adapt_lower_bound: bool = false, in Any;
    }
}

impl Recipe for MomoAdam {
    const CITATION: &'static str = "\
@inproceedings{schaipp2024,
  author = {Schaipp, Fabian and Ohana, Ruben and Eickenberg, Michael and Defazio, Aaron and Gower, Robert M.},
  title = {{MoMo}: Momentum Models for Adaptive Learning Rates},
  booktitle = {International Conference on Machine Learning},
  year = {2024}, eprint = {2305.07583}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "optax.contrib.momo_adam(learning_rate: lr, b1: beta1, b2: beta2, eps, lower_bound, weight_decay, adapt_lower_bound)",
    ];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(Model {
            beta: self.beta1,
            lower_bound: self.lower_bound,
            weight_decay: self.weight_decay,
            adapts: self.adapt_lower_bound,
            adam: Some((self.beta2, self.eps)),
        }))
    }
}
