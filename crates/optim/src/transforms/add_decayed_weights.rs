use crate::prelude::*;

single! {
    ["optax.add_decayed_weights(weight_decay, -mask)"]
    /// Weight decay: `u ← u + λ θ`.
    ///
    /// In front of averages it is the classical, coupled form; behind them and before the learning rate it is the decoupled
    /// one of AdamW.
    pub struct AddDecayedWeights = "add_decayed_weights" {
        /// The decay `λ`.
        weight_decay: f64 = 0.0, in Finite;
    }
}

impl Transform for AddDecayedWeights {
    fn update(&self, update: Tensor<1>, _state: &mut State, param: &Parameter, _step: &Step) -> Tensor<1> {
        update + param.value.clone() * self.weight_decay
    }
}
