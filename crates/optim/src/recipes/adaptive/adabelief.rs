use crate::prelude::*;

recipe! {
    /// AdaBelief: Adam with the average of squared surprises, gradient less its average, in the denominator.
    ///
    /// ```text
    /// m ← β₁ m + (1 − β₁) g
    /// s ← β₂ s + (1 − β₂) (g − m)² + ε′
    /// θ ← θ − η m̂ / (√ŝ + ε)          m̂ = m / (1 − β₁ᵗ), ŝ = s / (1 − β₂ᵗ)
    /// ```
    /// J. Zhuang, T. Tang, Y. Ding, S. Tatikonda, N. Dvornek, X. Papademetris and J. S. Duncan, AdaBelief optimizer: adapting
    /// stepsizes by the belief in observed gradients, NeurIPS (2020), arXiv:2010.07468. Defaults are optax's.
    pub struct AdaBelief = "adabelief" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
        /// Decay `β₁` of the average of gradients.
        beta1: f64 = 0.9, in Decay;
        /// Decay `β₂` of the average of squared surprises.
        beta2: f64 = 0.999, in Decay;
        /// `ε`, outside of the root.
        eps: f64 = 1e-16, in NonNegative;
        /// What is added to `s` in each step, `ε′`.
        eps_root: f64 = 1e-16, in NonNegative;
        /// Whether the first moment looks one step ahead.
        nesterov: bool = false, in Any;
    }
}

#[derive(Debug)]
struct Rule(AdaBelief);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("m", param.zeros()), ("s", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let AdaBelief { beta1, beta2, eps, eps_root, nesterov, .. } = self.0;
        let first = step.first_moment(state, beta1, nesterov, update.clone());
        let surprise = update.clone() - state.float("m");
        let s = state.average("s", beta2, surprise.square()) + eps_root;
        state.set("s", s.clone());
        first / ((s / step.bias_correction(beta2, &update)).sqrt() + eps)
    }
}

impl Recipe for AdaBelief {
    const CITATION: &'static str = "\
@inproceedings{zhuang2020,
  author = {Zhuang, Juntang and Tang, Tommy and Ding, Yifan and Tatikonda, Sekhar and Dvornek, Nicha
    and Papademetris, Xenophon and Duncan, James S.},
  title = {{AdaBelief} Optimizer: Adapting Stepsizes by the Belief in Observed Gradients},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2020}, eprint = {2010.07468}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] =
        &["optax.adabelief(learning_rate: lr, b1: beta1, b2: beta2, eps, eps_root, nesterov)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::default().then(Rule(self.clone())).then(ScaleByLr))
    }
}
