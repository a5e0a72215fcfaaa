use crate::prelude::*;

recipe! {
    /// RMSprop: each element's gradient over the root of the average of its squares.
    ///
    /// ```text
    /// g ← g + λ θ
    /// v ← α v + (1 − α) g²
    /// u ← g / (√v + ε)                centered: √(v − ḡ²) for √v, with ḡ ← α ḡ + (1 − α) g
    /// b ← μ b + u
    /// θ ← θ − η b                     nesterov: θ ← θ − η (u + μ b)
    /// ```
    /// With `eps_in_sqrt`, `initial_scale`, `nesterov` and `bias_correction` it is `optax.rmsprop`, which applies the learning rate
    /// in front of the momentum; here it is applied behind it, as in PyTorch, which differs where a schedule moves the rate.
    ///
    /// T. Tieleman and G. Hinton, Lecture 6.5: RMSprop, Coursera (2012). Defaults are PyTorch's.
    pub struct Rmsprop = "rmsprop" {
        /// Learning rate `η`.
        lr: f64 = 1e-2, in NonNegative;
        /// Decay `α` of the averages.
        alpha: f64 = 0.99, in Decay;
        /// `ε`, beside the root.
        eps: f64 = 1e-8, in NonNegative;
        /// Weight decay `λ`, added to the gradient.
        weight_decay: f64 = 0.0, in NonNegative;
        /// Momentum `μ` of the scaled gradient.
        momentum: f64 = 0.0, in Unit;
        /// Whether the square of the mean is taken off.
        centered: bool = false, in Any;
        /// Nesterov's form of momentum.
        nesterov: bool = false, in Any;
        /// Whether `ε` stands inside of the root.
        eps_in_sqrt: bool = false, in Any;
        /// What `v` starts from.
        initial_scale: f64 = 0.0, in NonNegative;
        /// Whether the start of the averages is corrected for.
        bias_correction: bool = false, in Any;
    }
}

#[derive(Debug)]
struct Rule(Rmsprop);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        let state = State::of([("v", param.zeros() + self.0.initial_scale)]);
        if self.0.centered { state.with("mean", param.zeros()) } else { state }
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let Rmsprop { alpha, eps, centered, eps_in_sqrt, bias_correction, .. } = self.0;
        let corrected = |average: Tensor<1>| match bias_correction {
            true => average / step.bias_correction(alpha, &update),
            false => average,
        };
        let mut v = corrected(state.average("v", alpha, update.clone().square()));
        if centered {
            v = v - corrected(state.average("mean", alpha, update.clone())).square();
        }
        match eps_in_sqrt {
            false => update / (v.sqrt() + eps),
            true => update / (v + eps).sqrt(),
        }
    }
}

impl Recipe for Rmsprop {
    const CITATION: &'static str = "\
@misc{tieleman2012,
  author = {Tieleman, Tijmen and Hinton, Geoffrey},
  title = {Lecture 6.5 -- {RMSprop}: Divide the Gradient by a Running Average of Its Recent Magnitude},
  howpublished = {COURSERA: Neural Networks for Machine Learning}, year = {2012}
}";
    const REFERENCES: &'static [&'static str] = &[
        "torch.optim.RMSprop(params, lr, alpha, eps, weight_decay, momentum, centered)",
        "optax.rmsprop(learning_rate: lr, decay: alpha = 0.9, eps, initial_scale, eps_in_sqrt = true, centered, momentum, nesterov, bias_correction)",
    ];

    fn links(&self) -> Result<Chain> {
        let momentum = Trace { decay: self.momentum, dampening: 0.0, nesterov: self.nesterov };
        Ok(Chain::default()
            .decayed(self.weight_decay)
            .then(Rule(self.clone()))
            .then_if(self.momentum != 0.0, momentum)
            .then(ScaleByLr))
    }
}
