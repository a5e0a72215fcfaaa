use crate::prelude::*;

recipe! {
    /// Yogi: Adam whose second moment moves by a bounded amount, so that it falls no faster than it rises.
    ///
    /// ```text
    /// m ← β₁ m + (1 − β₁) g                        from 1e-6, as v
    /// v ← v − (1 − β₂) sign(v − g²) g²
    /// θ ← θ − η m̂ / (√v̂ + ε)                       m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)
    /// ```
    /// M. Zaheer, S. Reddi, D. Sachan, S. Kale and S. Kumar, Adaptive methods for nonconvex optimization, NeurIPS (2018). Both
    /// moments start from 1e-6, as in optax.
    pub struct Yogi = "yogi" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
        /// Decay `β₁` of the average of gradients.
        beta1: f64 = 0.9, in Decay;
        /// Decay `β₂` of the second moment.
        beta2: f64 = 0.999, in Decay;
        /// `ε`, outside of the root.
        eps: f64 = 1e-3, in NonNegative;
        /// What both moments start from.
        initial_accumulator_value: f64 = 1e-6, in NonNegative;
    }
}

#[derive(Debug)]
struct Rule(Yogi);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        let start = param.zeros() + self.0.initial_accumulator_value;
        State::of([("m", start.clone()), ("v", start)])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let Yogi { beta1, beta2, eps, .. } = self.0;
        let m = step.first_moment(state, beta1, false, update.clone());
        let (v, square) = (state.float("v"), update.clone().square());
        let v = v.clone() - (v - square.clone()).sign() * square * (1.0 - beta2);
        state.set("v", v.clone());
        m / ((v / step.bias_correction(beta2, &update)).sqrt() + eps)
    }
}

impl Recipe for Yogi {
    const CITATION: &'static str = "\
@inproceedings{zaheer2018,
  author = {Zaheer, Manzil and Reddi, Sashank and Sachan, Devendra and Kale, Satyen and Kumar, Sanjiv},
  title = {Adaptive Methods for Nonconvex Optimization},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2018}
}";
    const REFERENCES: &'static [&'static str] = &["optax.yogi(learning_rate: lr, b1: beta1, b2: beta2, eps)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::default().then(Rule(self.clone())).then(ScaleByLr))
    }
}
