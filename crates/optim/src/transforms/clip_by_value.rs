use crate::prelude::*;

single! {
    ["optax.clip(max_delta: max)", "torch.nn.utils.clip_grad_value_(params, clip_value: max)"]
    /// Every element of the update between `−max` and `max`.
    pub struct ClipByValue = "clip_by_value" {
        /// The largest magnitude.
        max: f64 = 1.0, in Positive;
    }
}

impl Transform for ClipByValue {
    fn update(&self, update: Tensor<1>, _state: &mut State, _param: &Parameter, _step: &Step) -> Tensor<1> {
        update.clamp(-self.max, self.max)
    }
}
