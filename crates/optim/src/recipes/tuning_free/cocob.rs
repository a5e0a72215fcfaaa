use crate::prelude::*;

recipe! {
    /// COCOB: every element bets on its gradient, with what it has won; there is no learning rate.
    ///
    /// ```text
    /// g ← η (g + λ θ)
    /// L ← max(L, |g|), from ε;   G ← G + |g|;   R ← max(0, R − g (θ − θ₀));   C ← C − g
    /// θ ← θ₀ + C / (L max(G + L, α L)) · (L + R)
    /// ```
    /// F. Orabona and T. Tommasi, Training deep networks without learning rates through coin betting, NeurIPS (2017),
    /// arXiv:1705.07795. As in optax.
    pub struct Cocob = "cocob" {
        /// Factor `η` on gradients.
        lr: f64 = 1.0, in NonNegative;
        /// How long bets stay small, `α`.
        alpha: f64 = 100.0, in Positive;
        /// What the largest gradient starts from, `ε`.
        eps: f64 = 1e-8, in NonNegative;
        /// Weight decay `λ`, added to the gradient.
        weight_decay: f64 = 0.0, in NonNegative;
    }
}

#[derive(Debug)]
struct Rule(Cocob);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        let zeros = param.zeros();
        State::of([
            ("start", param.value.clone()),
            ("largest", zeros.clone() + self.0.eps),
            ("magnitudes", zeros.clone()),
            ("reward", zeros.clone()),
            ("sum", zeros),
        ])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, _step: &Step) -> Tensor<1> {
        let gone = param.value.clone() - state.float("start");
        let largest = state.float("largest").max_pair(update.clone().abs());
        let magnitudes = state.float("magnitudes") + update.clone().abs();
        let reward = (state.float("reward") - update.clone() * gone.clone()).clamp_min(0.0);
        let sum = state.float("sum") - update;
        for (name, value) in
            [("largest", &largest), ("magnitudes", &magnitudes), ("reward", &reward), ("sum", &sum)]
        {
            state.set(name, value.clone());
        }
        let bound = (magnitudes + largest.clone()).max_pair(largest.clone() * self.0.alpha);
        gone - sum / (largest.clone() * bound) * (largest + reward)
    }
}

impl Recipe for Cocob {
    const CITATION: &'static str = "\
@inproceedings{orabona2017,
  author = {Orabona, Francesco and Tommasi, Tatiana},
  title = {Training Deep Networks without Learning Rates Through Coin Betting},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2017}, eprint = {1705.07795}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] =
        &["optax.contrib.cocob(learning_rate: lr, alpha, eps, weight_decay, -mask)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::default().decayed(self.weight_decay).then(ScaleByLr).then(Rule(self.clone())))
    }
}
