use crate::prelude::*;

recipe! {
    /// RAdam: Adam whose adaptive rate is rectified by how well the second moment is known, and plain momentum until it is.
    ///
    /// ```text
    /// g ← g + λ θ                     decoupled: θ ← (1 − η λ) θ
    /// m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²
    /// ρ∞ = 2 / (1 − β₂) − 1,   ρ = ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ),   r = √((ρ − 4) (ρ − 2) ρ∞ / ((ρ∞ − 4) (ρ∞ − 2) ρ))
    /// θ ← θ − η r m̂ √(1 − β₂ᵗ) / (√v + ε)     if ρ > threshold
    /// θ ← θ − η m̂                              otherwise
    /// ```
    /// With `eps_corrected` the denominator is `√(v / (1 − β₂ᵗ) + ε′) + ε`, as in optax.
    ///
    /// L. Liu, H. Jiang, P. He, W. Chen, X. Liu, J. Gao and J. Han, On the variance of the adaptive learning rate and beyond, ICLR
    /// (2020), arXiv:1908.03265.
    pub struct Radam = "radam" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
        /// Decay `β₁` of the average of gradients.
        beta1: f64 = 0.9, in Decay;
        /// Decay `β₂` of the average of their squares.
        beta2: f64 = 0.999, in Decay;
        /// `ε`, outside of the root.
        eps: f64 = 1e-8, in NonNegative;
        /// Weight decay `λ`, added to the gradient.
        weight_decay: f64 = 0.0, in NonNegative;
        /// Whether the weight decay is that of AdamW.
        decoupled_weight_decay: bool = false, in Any;
        /// From which `ρ` on the rate is adaptive.
        threshold: f64 = 5.0, in Positive;
        /// Whether the first moment looks one step ahead.
        nesterov: bool = false, in Any;
        /// Whether the second moment is corrected before `ε` is added.
        eps_corrected: bool = false, in Any;
        /// What is added inside of the root, `ε′`.
        eps_root: f64 = 0.0, in NonNegative;
    }
}

#[derive(Debug)]
struct Rule(Radam);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("m", param.zeros()), ("v", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let Radam { beta1, beta2, eps, eps_root, threshold, nesterov, eps_corrected, .. } = self.0;
        let m = step.first_moment(state, beta1, nesterov, update.clone());
        let v = state.average("v", beta2, update.clone().square());
        let correction = step.bias_correction(beta2, &update);
        let most = 2.0 / (1.0 - beta2) - 1.0;
        let power = correction.clone().neg() + 1.0;
        let rho = (step.count_like(&update) * power / correction.clone()) * -2.0 + most;
        let known =
            (rho.clone() - 4.0) * (rho.clone() - 2.0) / rho.clone() * (most / ((most - 4.0) * (most - 2.0)));
        let scale = match eps_corrected {
            false => correction.sqrt() / (v.sqrt() + eps),
            true => ((v / correction + eps_root).sqrt() + eps).recip(),
        };
        either(rho.greater_elem(threshold), m.clone() * scale * known.sqrt(), m)
    }
}

impl Recipe for Radam {
    const CITATION: &'static str = "\
@inproceedings{liu2020,
  author = {Liu, Liyuan and Jiang, Haoming and He, Pengcheng and Chen, Weizhu and Liu, Xiaodong and Gao, Jianfeng
    and Han, Jiawei},
  title = {On the Variance of the Adaptive Learning Rate and Beyond},
  booktitle = {International Conference on Learning Representations},
  year = {2020}, eprint = {1908.03265}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "torch.optim.RAdam(params, lr, betas: [beta1, beta2], eps, weight_decay, decoupled_weight_decay)",
        "optax.radam(learning_rate: lr, b1: beta1, b2: beta2, eps, eps_root, threshold, nesterov; eps_corrected=true)",
    ];

    fn links(&self) -> Result<Chain> {
        let (coupled, decoupled) = decay(self.weight_decay, self.decoupled_weight_decay);
        Ok(Chain::default().decayed(coupled).then(Rule(self.clone())).decayed(decoupled).then(ScaleByLr))
    }
}
