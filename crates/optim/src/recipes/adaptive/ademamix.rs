use crate::prelude::*;

recipe! {
    /// AdEMAMix: Adam with a second, much slower average of gradients beside the first.
    ///
    /// ```text
    /// m₁ ← β₁ m₁ + (1 − β₁) g,   m₂ ← β₃ m₂ + (1 − β₃) g,   v ← β₂ v + (1 − β₂) g²
    /// θ  ← θ − η ((m₁ / (1 − β₁ᵗ) + α m₂) / (√(v / (1 − β₂ᵗ) + ε′) + ε) + λ θ)
    /// ```
    /// The slow average is not corrected for its start. M. Pagliardini, P. Ablin and D. Grangier, The AdEMAMix optimizer: better,
    /// faster, older (2024), arXiv:2409.03137. As in optax, without the paper's schedules of `α` and `β₃`.
    pub struct AdEmaMix = "ademamix" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
        /// Decay `β₁` of the fast average of gradients.
        beta1: f64 = 0.9, in Decay;
        /// Decay `β₂` of the average of their squares.
        beta2: f64 = 0.999, in Decay;
        /// Decay `β₃` of the slow average of gradients.
        beta3: f64 = 0.9999, in Decay;
        /// The weight `α` of the slow average.
        alpha: f64 = 5.0, in NonNegative;
        /// `ε`, outside of the root.
        eps: f64 = 1e-8, in NonNegative;
        /// What is added inside of the root, `ε′`.
        eps_root: f64 = 0.0, in NonNegative;
        /// Weight decay `λ`, multiplied by the learning rate.
        weight_decay: f64 = 0.0, in NonNegative;
    }
}

#[derive(Debug)]
struct Rule(AdEmaMix);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("m", param.zeros()), ("slow", param.zeros()), ("v", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let AdEmaMix { beta1, beta2, beta3, alpha, eps, eps_root, .. } = self.0;
        let fast = step.first_moment(state, beta1, false, update.clone());
        let slow = state.average("slow", beta3, update.clone());
        let v = state.average("v", beta2, update.clone().square()) / step.bias_correction(beta2, &update);
        (fast + slow * alpha) / ((v + eps_root).sqrt() + eps)
    }
}

impl Recipe for AdEmaMix {
    const CITATION: &'static str = "\
@misc{pagliardini2024,
  author = {Pagliardini, Matteo and Ablin, Pierre and Grangier, David},
  title = {The {AdEMAMix} Optimizer: Better, Faster, Older},
  year = {2024}, eprint = {2409.03137}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "optax.contrib.ademamix(learning_rate: lr, b1: beta1, b2: beta2, b3: beta3, alpha, eps, eps_root, -mu_dtype, weight_decay, -mask)",
    ];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::default().then(Rule(self.clone())).decayed(self.weight_decay).then(ScaleByLr))
    }
}
