use crate::prelude::*;

recipe! {
    /// ACProp: the gradient over the surprise of the steps before, so that numerator and denominator are independent.
    ///
    /// ```text
    /// θ ← θ − η (g / (√ŝ + ε) + λ θ)      ŝ = s / (1 − β₂ᵗ⁻¹), or 1 in the first step
    /// s ← β₂ s + (1 − β₂) (g − m)² + ε′
    /// m ← β₁ m + (1 − β₁) g
    /// ```
    /// J. Zhuang, Y. Ding, T. Tang, N. Dvornek, S. Tatikonda and J. S. Duncan, Momentum centering and asynchronous update for
    /// adaptive gradient methods, NeurIPS (2021), arXiv:2110.05454. As in optax.
    pub struct Acprop = "acprop" {
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
        /// Weight decay `λ`, multiplied by the learning rate.
        weight_decay: f64 = 0.0, in NonNegative;
    }
}

#[derive(Debug)]
struct Rule(Acprop);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("m", param.zeros()), ("s", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let Acprop { beta1, beta2, eps, eps_root, .. } = self.0;
        let last = state.float("s") / step.previous().bias_correction(beta2, &update);
        let last = either(step.is_first(), param.scalar(1.0), last);
        let surprise = update.clone() - state.float("m");
        let s = state.average("s", beta2, surprise.square()) + eps_root;
        state.set("s", s);
        state.average("m", beta1, update.clone());
        update / (last.sqrt() + eps)
    }
}

impl Recipe for Acprop {
    const CITATION: &'static str = "\
@inproceedings{zhuang2021,
  author = {Zhuang, Juntang and Ding, Yifan and Tang, Tommy and Dvornek, Nicha and Tatikonda, Sekhar
    and Duncan, James S.},
  title = {Momentum Centering and Asynchronous Update for Adaptive Gradient Methods},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2021}, eprint = {2110.05454}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] =
        &["optax.contrib.acprop(learning_rate: lr, b1: beta1, b2: beta2, eps, eps_root, weight_decay, -mask)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::default().then(Rule(self.clone())).decayed(self.weight_decay).then(ScaleByLr))
    }
}
