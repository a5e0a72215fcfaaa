use crate::prelude::*;

recipe! {
    /// AdaGrad: each element's gradient over the root of the sum of all its squares so far.
    ///
    /// ```text
    /// g ← g + λ θ
    /// s ← s + g²                      from s = initial_accumulator_value
    /// θ ← θ − η / (1 + (t − 1) d) · g / (√s + ε)
    /// ```
    /// With `eps_in_sqrt` it is `optax.adagrad`: `g / √(s + ε)`, and 0 where `s` is 0.
    ///
    /// J. Duchi, E. Hazan and Y. Singer, Adaptive subgradient methods for online learning and stochastic optimization, JMLR 12
    /// (2011). Defaults are PyTorch's.
    pub struct Adagrad = "adagrad" {
        /// Learning rate `η`.
        lr: f64 = 1e-2, in NonNegative;
        /// Decay `d` of the rate.
        lr_decay: f64 = 0.0, in NonNegative;
        /// Weight decay `λ`, added to the gradient.
        weight_decay: f64 = 0.0, in NonNegative;
        /// What `s` starts from.
        initial_accumulator_value: f64 = 0.0, in NonNegative;
        /// `ε`, beside the root.
        eps: f64 = 1e-10, in NonNegative;
        /// Whether `ε` stands inside of the root.
        eps_in_sqrt: bool = false, in Any;
    }
}

#[derive(Debug)]
struct Rule(Adagrad);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("sum", param.zeros() + self.0.initial_accumulator_value)])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let Adagrad { lr_decay, eps, eps_in_sqrt, .. } = self.0;
        let sum = state.float("sum") + update.clone().square();
        state.set("sum", sum.clone());
        let scaled = match eps_in_sqrt {
            false => update.clone() / (sum.sqrt() + eps),
            true => {
                let scaled = update.clone() / (sum.clone() + eps).sqrt();
                either(sum.greater_elem(0.0), scaled, param.zeros())
            }
        };
        match lr_decay {
            0.0 => scaled,
            decay => scaled / ((step.count_like(&update) - 1.0) * decay + 1.0),
        }
    }
}

impl Recipe for Adagrad {
    const CITATION: &'static str = "\
@article{duchi2011,
  author = {Duchi, John and Hazan, Elad and Singer, Yoram},
  title = {Adaptive Subgradient Methods for Online Learning and Stochastic Optimization},
  journal = {Journal of Machine Learning Research},
  volume = {12}, pages = {2121--2159}, year = {2011}
}";
    const REFERENCES: &'static [&'static str] = &[
        "torch.optim.Adagrad(params, lr, lr_decay, weight_decay, initial_accumulator_value, eps)",
        "optax.adagrad(learning_rate: lr, initial_accumulator_value = 0.1, eps = 1e-7; eps_in_sqrt=true)",
    ];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::default().decayed(self.weight_decay).then(Rule(self.clone())).then(ScaleByLr))
    }
}
