use crate::prelude::*;

recipe! {
    /// ASGD: descent with a falling rate, and the mean of the weights from `t0` on beside it.
    ///
    /// ```text
    /// g ← g + λ θ
    /// ηₜ = η / (1 + λ' η (t − 1))^α                λ' is `lambd`
    /// θ ← (1 − λ' ηₜ) θ − ηₜ g
    /// a ← a + (θ − a) / max(1, t − 1 − t0)
    /// ```
    /// The average `a` is what is evaluated. As in PyTorch.
    ///
    /// B. T. Polyak and A. B. Juditsky, Acceleration of stochastic approximation by averaging, SIAM Journal on Control and
    /// Optimization 30 (1992).
    pub struct Asgd = "asgd" {
        /// Learning rate `η`.
        lr: f64 = 1e-2, in NonNegative;
        /// Decay `λ'` of the rate and of the weights.
        lambd: f64 = 1e-4, in NonNegative;
        /// The exponent `α` of the rate.
        alpha: f64 = 0.75, in NonNegative;
        /// The step from which on weights are averaged.
        t0: f64 = 1e6, in NonNegative;
        /// Weight decay `λ`, added to the gradient.
        weight_decay: f64 = 0.0, in NonNegative;
    }
}

#[derive(Debug)]
struct Rule(Asgd);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("average", param.value.clone())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let Asgd { lambd, alpha, t0, .. } = self.0;
        let passed = step.previous().count_like(&update);
        let decay = power(step.lr.clone() * passed.clone() * lambd + 1.0, alpha);
        let rate = step.lr.clone() / decay;
        let update = update * rate.clone() + param.value.clone() * rate * lambd;
        let new = param.value.clone() - update.clone();
        let average = state.float("average");
        let count = (passed - t0).clamp_min(1.0);
        state.set("average", average.clone() + (new - average) / count);
        update
    }

    fn eval_param(&self, state: &State, _param: &Parameter) -> Option<Tensor<1>> {
        Some(state.float("average"))
    }
}

impl Recipe for Asgd {
    const CITATION: &'static str = "\
@article{polyak1992,
  author = {Polyak, Boris T. and Juditsky, Anatoli B.},
  title = {Acceleration of Stochastic Approximation by Averaging},
  journal = {SIAM Journal on Control and Optimization},
  volume = {30}, number = {4}, pages = {838--855}, year = {1992}
}";
    const REFERENCES: &'static [&'static str] =
        &["torch.optim.ASGD(params, lr, lambd, alpha, t0, weight_decay)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::default().decayed(self.weight_decay).then(Rule(self.clone())))
    }
}
