use crate::prelude::*;

recipe! {
    /// Adamax: Adam with the largest magnitude of a gradient, which fades, in the place of the average of squares.
    ///
    /// ```text
    /// g ← g + λ θ
    /// m ← β₁ m + (1 − β₁) g
    /// u ← max(β₂ u, |g| + ε)
    /// θ ← θ − η / (1 − β₁ᵗ) · m / u
    /// ```
    /// D. P. Kingma and J. Ba, Adam: a method for stochastic optimization, ICLR (2015), arXiv:1412.6980, section 7.
    pub struct Adamax = "adamax" {
        /// Learning rate `η`.
        lr: f64 = 2e-3, in NonNegative;
        /// Decay `β₁` of the average of gradients.
        beta1: f64 = 0.9, in Decay;
        /// Decay `β₂` of the largest magnitude.
        beta2: f64 = 0.999, in Decay;
        /// `ε`, added to each magnitude.
        eps: f64 = 1e-8, in NonNegative;
        /// Weight decay `λ`, added to the gradient.
        weight_decay: f64 = 0.0, in NonNegative;
    }
}

#[derive(Debug)]
pub(super) struct Rule {
    beta1: f64,
    beta2: f64,
    eps: f64,
}

impl Rule {
    pub fn of(adamax: &Adamax) -> Self {
        Rule { beta1: adamax.beta1, beta2: adamax.beta2, eps: adamax.eps }
    }
}

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("m", param.zeros()), ("u", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let m = step.first_moment(state, self.beta1, false, update.clone());
        let u = (state.float("u") * self.beta2).max_pair(update.abs() + self.eps);
        state.set("u", u.clone());
        m / u
    }
}

impl Recipe for Adamax {
    const CITATION: &'static str = "\
@inproceedings{kingma2015,
  author = {Kingma, Diederik P. and Ba, Jimmy},
  title = {Adam: A Method for Stochastic Optimization},
  booktitle = {International Conference on Learning Representations},
  year = {2015}, eprint = {1412.6980}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "torch.optim.Adamax(params, lr, betas: [beta1, beta2], eps, weight_decay)",
        "optax.adamax(learning_rate: lr, b1: beta1, b2: beta2, eps)",
    ];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::default().decayed(self.weight_decay).then(Rule::of(self)).then(ScaleByLr))
    }
}
