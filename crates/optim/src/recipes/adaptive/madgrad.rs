use crate::prelude::*;

recipe! {
    /// MADGRAD: dual averaging from the start, with a cube root, and momentum towards its solution.
    ///
    /// ```text
    /// g ← g + λ θ
    /// ηₜ = (η + ε) √t
    /// s ← s + ηₜ g,   ν ← ν + ηₜ g²
    /// z = θ₀ − s / (∛ν + ε)
    /// θ ← μ θ + (1 − μ) z
    /// ```
    /// A. Defazio and S. Jelassi, Adaptivity without compromise: a momentumized, adaptive, dual averaged gradient method for
    /// stochastic optimization, JMLR 23 (2022), arXiv:2101.11075. As in optax.
    pub struct Madgrad = "madgrad" {
        /// Learning rate `η`.
        lr: f64 = 1e-2, in NonNegative;
        /// Momentum `μ`.
        momentum: f64 = 0.9, in Decay;
        /// Weight decay `λ`, added to the gradient.
        weight_decay: f64 = 0.0, in NonNegative;
        /// `ε`, added to the rate and to the root.
        eps: f64 = 1e-6, in NonNegative;
    }
}

#[derive(Debug)]
struct Rule(Madgrad);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("sum", param.zeros()), ("squares", param.zeros()), ("start", param.value.clone())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let Madgrad { momentum, eps, .. } = self.0;
        let rate = (step.lr.clone() + eps) * step.count_like(&update).sqrt();
        let sum = state.float("sum") + update.clone() * rate.clone();
        let squares = state.float("squares") + update.square() * rate;
        state.set("sum", sum.clone());
        state.set("squares", squares.clone());
        // The cube root of a sum of squares, of which zero stays zero.
        let root = power(squares, 1.0 / 3.0);
        let target = state.float("start") - sum / (root + eps);
        (param.value.clone() - target) * (1.0 - momentum)
    }
}

impl Recipe for Madgrad {
    const CITATION: &'static str = "\
@article{defazio2022,
  author = {Defazio, Aaron and Jelassi, Samy},
  title = {A Momentumized, Adaptive, Dual Averaged Gradient Method},
  journal = {Journal of Machine Learning Research},
  volume = {23}, pages = {1--34}, year = {2022}, eprint = {2101.11075}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] =
        &["optax.contrib.madgrad(learning_rate: lr, momentum, weight_decay, eps)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::default().decayed(self.weight_decay).then(Rule(self.clone())))
    }
}
