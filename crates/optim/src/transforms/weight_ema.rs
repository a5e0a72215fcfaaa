use crate::prelude::*;

single! {
    ["torch.optim.swa_utils.get_ema_multi_avg_fn(decay)", "torch.optim.swa_utils.get_ema_avg_fn(decay)"]
    /// An exponentially weighted average of the weights, beside them: `a ← β a + (1 − β) θ`, from the `θ` after the first
    /// step. It belongs at the end of a chain; the update passes through, and the average is what is evaluated.
    ///
    /// As `torch.optim.swa_utils.AveragedModel`, updated after each step.
    pub struct WeightEma = "weight_ema" {
        /// What the average keeps of itself, `β`.
        decay: f64 = 0.999, in Decay;
    }
}

impl Transform for WeightEma {
    fn init(&self, param: &Parameter) -> State {
        State::of([("average", param.value.clone())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let new = param.value.clone() - update.clone();
        let old = state.float("average");
        let moved = old.clone() + (new.clone() - old) * (1.0 - self.decay);
        state.set("average", either(step.is_first(), new, moved));
        update
    }

    fn eval_param(&self, state: &State, _param: &Parameter) -> Option<Tensor<1>> {
        Some(state.float("average"))
    }
}
