use crate::prelude::*;

recipe! {
    /// Adan: Adam with an average of gradient differences, which looks ahead as Nesterov's momentum does.
    ///
    /// ```text
    /// d ← g − g₋                                   0 in the first step
    /// m ← β₁ m + (1 − β₁) g,   p ← β₂ p + (1 − β₂) d,   v ← β₃ v + (1 − β₃) (g + β₂ d)²
    /// u = (m / (1 − β₁ᵗ) + β₂ p / (1 − β₂ᵗ)) / (√(v / (1 − β₃ᵗ)) + ε)
    /// θ ← (θ − η u) / (1 + η λ)                    decoupled: θ ← (1 − η λ) θ − η u
    /// ```
    /// With `max_grad_norm` gradients are scaled by `min(1, max_grad_norm / (‖g‖ + ε))` before, with the norm over all tensors;
    /// the optimizer is then tree-wide. In terms of the paper `βᵢ` here is `1 − βᵢ` there. It equals the authors' code and
    /// pytorch_optimizer; optax 0.2.8 takes `1 − β₂` where `β₂` is meant.
    ///
    /// X. Xie, P. Zhou, H. Li, Z. Lin and S. Yan, Adan: adaptive Nesterov momentum algorithm for faster optimizing deep models, IEEE
    /// TPAMI (2024), arXiv:2208.06677.
    pub struct Adan = "adan" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
        /// Decay `β₁` of the average of gradients.
        beta1: f64 = 0.98, in Decay;
        /// Decay `β₂` of the average of differences.
        beta2: f64 = 0.92, in Decay;
        /// Decay `β₃` of the second moment.
        beta3: f64 = 0.99, in Decay;
        /// `ε`, outside of the root.
        eps: f64 = 1e-8, in NonNegative;
        /// Weight decay `λ`, proximal.
        weight_decay: f64 = 0.0, in NonNegative;
        /// Whether the weight decay is that of AdamW.
        decoupled_weight_decay: bool = false, in Any;
        /// The largest norm of all gradients together; 0 for no bound.
        max_grad_norm: f64 = 0.0, in NonNegative;
    }
}

/// Adan's own bound on the norm of all gradients.
#[derive(Debug)]
struct Clip(Adan);

impl Transform for Clip {
    fn num_measures(&self) -> usize {
        1
    }

    fn measure(&self, update: &Tensor<1>, _state: &State, _param: &Parameter, _step: &Step) -> Vec<Tensor<1>> {
        vec![squared_norm(update)]
    }

    fn update(&self, update: Tensor<1>, _state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        update * ((step.measure(0).sqrt() + self.0.eps).recip() * self.0.max_grad_norm).clamp_max(1.0)
    }
}

#[derive(Debug)]
struct Rule(Adan);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("m", param.zeros()), ("p", param.zeros()), ("v", param.zeros()), ("last", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let Adan { beta1, beta2, beta3, eps, .. } = self.0;
        let difference = either(step.is_first(), update.zeros_like(), update.clone() - state.float("last"));
        state.set("last", update.clone());
        let m = step.first_moment(state, beta1, false, update.clone());
        let p = state.average("p", beta2, difference.clone()) / step.bias_correction(beta2, &update);
        let v = state.average("v", beta3, (update.clone() + difference * beta2).square());
        (m + p * beta2) / ((v / step.bias_correction(beta3, &update)).sqrt() + eps)
    }
}

/// `θ ← (θ − u) / (1 + η λ)`.
#[derive(Debug)]
struct Proximal(f64);

impl Transform for Proximal {
    fn update(&self, update: Tensor<1>, _state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let decay = step.lr.clone() * self.0;
        (update + param.value.clone() * decay.clone()) / (decay + 1.0)
    }
}

impl Recipe for Adan {
    const CITATION: &'static str = "\
@article{xie2024,
  author = {Xie, Xingyu and Zhou, Pan and Li, Huan and Lin, Zhouchen and Yan, Shuicheng},
  title = {{Adan}: Adaptive {Nesterov} Momentum Algorithm for Faster Optimizing Deep Models},
  journal = {IEEE Transactions on Pattern Analysis and Machine Intelligence},
  year = {2024}, eprint = {2208.06677}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "pytorch_optimizer.Adan(params, lr, betas: [beta1, beta2, beta3], weight_decay, weight_decouple: decoupled_weight_decay, max_grad_norm, -foreach, eps)",
    ];

    fn links(&self) -> Result<Chain> {
        let (proximal, decoupled) = decay(self.weight_decay, self.decoupled_weight_decay);
        let chain = Chain::default()
            .then_if(self.max_grad_norm != 0.0, Clip(self.clone()))
            .then(Rule(self.clone()))
            .decayed(decoupled)
            .then(ScaleByLr);
        Ok(chain.then_if(proximal != 0.0, Proximal(proximal)))
    }
}
