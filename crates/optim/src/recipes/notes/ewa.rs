use crate::prelude::*;

recipe! {
    /// The exponentially weighted average of gradients, as the study notes define it.
    ///
    /// ```text
    /// S₁ = g₁,   Sₜ = β Sₜ₋₁ + (1 − β) gₜ
    /// θ ← θ − η Sₜ
    /// ```
    /// It starts from the first gradient, so that nothing is to be corrected. With `bias_correction` it starts from zero and is divided
    /// by `1 − βᵗ`, as in Adam; without, compare [`EwaMomentum`](super::EwaMomentum).
    ///
    /// The weights of past gradients sum to one: a constant gradient passes unchanged. See [`EwaMomentum`](super::EwaMomentum) for
    /// what follows.
    pub struct Ewa = "ewa" {
        /// Learning rate `η`.
        lr: f64 = 1e-2, in NonNegative;
        /// What the average keeps of itself, `β`.
        beta: f64 = 0.9, in Decay;
        /// Whether it starts from zero and is corrected for that.
        bias_correction: bool = false, in Any;
    }
}

/// `S ← β S + (1 − β) g`, from `S = g` in the first step.
#[derive(Debug)]
struct FromFirst(f64);

impl Transform for FromFirst {
    fn init(&self, param: &Parameter) -> State {
        State::of([("average", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let old = either(step.is_first(), update.clone(), state.float("average"));
        let average = old * self.0 + update * (1.0 - self.0);
        state.set("average", average.clone());
        average
    }
}

impl Recipe for Ewa {
    const CITATION: &'static str = "";
    const REFERENCES: &'static [&'static str] = &[];

    fn links(&self) -> Result<Chain> {
        let average: Chain = match self.bias_correction {
            true => Chain::new(Ema { decay: self.beta, debias: true }),
            false => Chain::new(FromFirst(self.beta)),
        };
        Ok(average.then(ScaleByLr))
    }
}
