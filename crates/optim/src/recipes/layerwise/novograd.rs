use crate::prelude::*;

recipe! {
    /// NovoGrad: momentum of gradients over their norm, averaged for each tensor.
    ///
    /// ```text
    /// v ← β₂ v + (1 − β₂) ‖g‖²                     v = ‖g‖² in the first step
    /// m ← β₁ m + g / (√(v + ε′) + ε) + λ θ
    /// θ ← θ − η m
    /// ```
    /// B. Ginsburg, P. Castonguay, O. Hrinchuk, O. Kuchaiev and others, Stochastic gradient methods with layer-wise adaptive moments
    /// for training of deep networks (2019), arXiv:1905.11286. Defaults are optax's.
    pub struct NovoGrad = "novograd" {
        /// Learning rate `η`.
        lr: f64 = 1e-2, in NonNegative;
        /// What the momentum keeps of itself, `β₁`.
        beta1: f64 = 0.9, in Decay;
        /// Decay `β₂` of the average of squared norms.
        beta2: f64 = 0.25, in Decay;
        /// `ε`, outside of the root.
        eps: f64 = 1e-6, in NonNegative;
        /// What is added inside of the root, `ε′`.
        eps_root: f64 = 0.0, in NonNegative;
        /// Weight decay `λ`, added to the scaled gradient.
        weight_decay: f64 = 0.0, in NonNegative;
    }
}

#[derive(Debug)]
struct Rule(NovoGrad);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("m", param.zeros()), ("v", param.scalar(0.0))])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let NovoGrad { beta1, beta2, eps, eps_root, weight_decay, .. } = self.0;
        let square = squared_norm(&update);
        let v = state.float("v") * beta2 + square.clone() * (1.0 - beta2);
        let v = either(step.is_first(), square, v);
        state.set("v", v.clone());
        let scaled = update / ((v + eps_root).sqrt() + eps) + param.value.clone() * weight_decay;
        let m = state.float("m") * beta1 + scaled;
        state.set("m", m.clone());
        m
    }
}

impl Recipe for NovoGrad {
    const CITATION: &'static str = "\
@misc{ginsburg2019,
  author = {Ginsburg, Boris and Castonguay, Patrice and Hrinchuk, Oleksii and Kuchaiev, Oleksii and Lavrukhin, Vitaly
    and Leary, Ryan and Li, Jason and Nguyen, Huyen and Zhang, Yang and Cohen, Jonathan M.},
  title = {Stochastic Gradient Methods with Layer-wise Adaptive Moments for Training of Deep Networks},
  year = {2019}, eprint = {1905.11286}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] =
        &["optax.novograd(learning_rate: lr, b1: beta1, b2: beta2, eps, eps_root, weight_decay)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::default().then(Rule(self.clone())).then(ScaleByLr))
    }
}
