use burn::tensor::Tensor;

use crate::{Parameter, State, Step, Transform};

/// Weight decay: `u ← u + λ θ`.
///
/// In front of averages it is the classical, coupled form; behind them and before the learning rate it is the decoupled
/// one of AdamW.
#[derive(Clone, Copy, Debug)]
pub struct AddDecayedWeights(
    /// The decay `λ`.
    pub f64,
);

impl Transform for AddDecayedWeights {
    fn update(&self, update: Tensor<1>, _state: &mut State, param: &Parameter, _step: &Step) -> Tensor<1> {
        update + param.value.clone() * self.0
    }
}
