use crate::prelude::*;

single! {
    ["optax.ema(decay, debias)"]
    /// The exponentially weighted average of updates: `m ← β m + (1 − β) u`; `u ← m / (1 − βᵗ)`.
    pub struct Ema = "ema" {
        /// What the average keeps of itself, `β`.
        decay: f64 = 0.9, in Decay;
        /// Whether the start from zero is corrected for.
        debias: bool = true, in Any;
    }
}

impl Transform for Ema {
    fn init(&self, param: &Parameter) -> State {
        State::of([("m", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let correction = step.bias_correction(self.decay, &update);
        let m = state.average("m", self.decay, update);
        if self.debias { m / correction } else { m }
    }
}
