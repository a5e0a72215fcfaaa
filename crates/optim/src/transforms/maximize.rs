use crate::prelude::*;

single! {
    []
    /// The opposite of the gradient, so that the optimizer behind it ascends: `u ← −u`.
    pub struct Maximize = "maximize" {}
}

impl Transform for Maximize {
    fn update(&self, update: Tensor<1>, _state: &mut State, _param: &Parameter, _step: &Step) -> Tensor<1> {
        update.neg()
    }
}
