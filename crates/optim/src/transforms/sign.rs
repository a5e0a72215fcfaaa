use crate::prelude::*;

single! {
    ["optax.scale_by_sign()"]
    /// The signs of the update: `u ← sign u`.
    pub struct Sign = "sign" {}
}

impl Transform for Sign {
    fn update(&self, update: Tensor<1>, _state: &mut State, _param: &Parameter, _step: &Step) -> Tensor<1> {
        update.sign()
    }
}
