use crate::prelude::*;

recipe! {
    /// Nadam as in PyTorch: Adam with Nesterov's momentum, whose decay grows from step to step.
    ///
    /// ```text
    /// g  ← g + λ θ                    decoupled: θ ← (1 − η λ) θ
    /// μₜ = β₁ (1 − ½ · 0.96^(t ψ))
    /// m  ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²
    /// m̂  = μₜ₊₁ m / (1 − ∏ᵢ₌₁ᵗ⁺¹ μᵢ) + (1 − μₜ) g / (1 − ∏ᵢ₌₁ᵗ μᵢ)
    /// θ  ← θ − η m̂ / (√(v / (1 − β₂ᵗ)) + ε)
    /// ```
    /// optax's Nadam has no such schedule of the momentum: it is `adam(nesterov=true)`.
    ///
    /// T. Dozat, Incorporating Nesterov momentum into Adam, ICLR workshop (2016).
    pub struct Nadam = "nadam" {
        /// Learning rate `η`.
        lr: f64 = 2e-3, in NonNegative;
        /// Decay `β₁` of the average of gradients.
        beta1: f64 = 0.9, in Decay;
        /// Decay `β₂` of the average of their squares.
        beta2: f64 = 0.999, in Decay;
        /// `ε`, outside of the root.
        eps: f64 = 1e-8, in NonNegative;
        /// Weight decay `λ`, added to the gradient.
        weight_decay: f64 = 0.0, in NonNegative;
        /// How fast the momentum grows, `ψ`.
        momentum_decay: f64 = 4e-3, in NonNegative;
        /// Whether the weight decay is that of AdamW.
        decoupled_weight_decay: bool = false, in Any;
    }
}

#[derive(Debug)]
struct Rule(Nadam);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("m", param.zeros()), ("v", param.zeros()), ("product", param.scalar(1.0))])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let Nadam { beta1, beta2, eps, momentum_decay, .. } = self.0;
        let momentum = |step: &Step| {
            let fading = (step.count_like(&update) * (momentum_decay * 0.96f64.ln())).exp();
            (fading * -0.5 + 1.0) * beta1
        };
        let (now, next) = (momentum(step), momentum(&step.next()));
        let product = state.float("product") * now.clone();
        state.set("product", product.clone());
        let m = state.average("m", beta1, update.clone());
        let v = state.average("v", beta2, update.clone().square());
        let ahead = m * (next.clone() / (product.clone() * next).neg().add_scalar(1.0));
        let current = update.clone() * (now.neg().add_scalar(1.0) / product.neg().add_scalar(1.0));
        (ahead + current) / ((v / step.bias_correction(beta2, &update)).sqrt() + eps)
    }
}

impl Recipe for Nadam {
    const CITATION: &'static str = "\
@inproceedings{dozat2016,
  author = {Dozat, Timothy},
  title = {Incorporating {Nesterov} Momentum into {Adam}},
  booktitle = {ICLR Workshop},
  year = {2016}
}";
    const REFERENCES: &'static [&'static str] = &[
        "torch.optim.NAdam(params, lr, betas: [beta1, beta2], eps, weight_decay, momentum_decay, decoupled_weight_decay)",
    ];

    fn links(&self) -> Result<Chain> {
        let (coupled, decoupled) = decay(self.weight_decay, self.decoupled_weight_decay);
        Ok(Chain::default().decayed(coupled).then(Rule(self.clone())).decayed(decoupled).then(ScaleByLr))
    }
}
