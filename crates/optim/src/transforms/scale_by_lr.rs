use burn::tensor::Tensor;

use crate::{Parameter, State, Step, Transform};

/// Multiplies by the learning rate: `u ← η·u`.
#[derive(Clone, Copy, Debug)]
pub struct ScaleByLr;

impl Transform for ScaleByLr {
    fn update(&self, update: Tensor<1>, _state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        update * step.lr.clone()
    }
}
