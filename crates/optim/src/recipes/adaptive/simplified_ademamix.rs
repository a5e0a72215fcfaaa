use crate::prelude::*;

recipe! {
    /// Simplified AdEMAMix: one accumulated sum of gradients beside the latest one.
    ///
    /// ```text
    /// m ← β₁ m + g,   v ← β₂ v + (1 − β₂) g²
    /// θ ← θ − η ((m + α g) / (√(v / (1 − β₂ᵗ) + ε′) + ε) + λ θ)
    /// ```
    /// D. Morwani, N. Vyas, H. Zhang and S. Kakade, Connections between schedule-free optimizers, AdEMAMix, and accelerated SGD
    /// variants (2025), arXiv:2502.02431. As in optax; pytorch_optimizer averages `m` where this sums.
    pub struct SimplifiedAdEmaMix = "simplified_ademamix" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
        /// What the sum of gradients keeps of itself, `β₁`.
        beta1: f64 = 0.99, in Decay;
        /// Decay `β₂` of the average of their squares.
        beta2: f64 = 0.95, in Decay;
        /// The weight `α` of the latest gradient.
        alpha: f64 = 0.0, in NonNegative;
        /// `ε`, outside of the root.
        eps: f64 = 1e-8, in NonNegative;
        /// What is added inside of the root, `ε′`.
        eps_root: f64 = 0.0, in NonNegative;
        /// Weight decay `λ`, multiplied by the learning rate.
        weight_decay: f64 = 0.0, in NonNegative;
    }
}

#[derive(Debug)]
struct Rule(SimplifiedAdEmaMix);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("m", param.zeros()), ("v", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let SimplifiedAdEmaMix { beta1, beta2, alpha, eps, eps_root, .. } = self.0;
        let m = state.float("m") * beta1 + update.clone();
        state.set("m", m.clone());
        let v = state.average("v", beta2, update.clone().square()) / step.bias_correction(beta2, &update);
        (m + update * alpha) / ((v + eps_root).sqrt() + eps)
    }
}

impl Recipe for SimplifiedAdEmaMix {
    const CITATION: &'static str = "\
@misc{morwani2025,
  author = {Morwani, Depen and Vyas, Nikhil and Zhang, Hanlin and Kakade, Sham},
  title = {Connections between Schedule-Free Optimizers, {AdEMAMix}, and Accelerated {SGD} Variants},
  year = {2025}, eprint = {2502.02431}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "optax.contrib.simplified_ademamix(learning_rate: lr, b1: beta1, b2: beta2, alpha, eps, eps_root, weight_decay, -mask)",
    ];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::default().then(Rule(self.clone())).decayed(self.weight_decay).then(ScaleByLr))
    }
}
