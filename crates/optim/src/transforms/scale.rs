use crate::prelude::*;

single! {
    ["optax.scale(step_size: factor)"]
    /// A constant factor: `u ← c u`. Optimizers of this library are subtracted, so that a positive factor descends, where optax's descends
    /// with a negative one.
    pub struct Scale = "scale" {
        /// The factor `c`.
        factor: f64 = 1.0, in Finite;
    }
}

impl Transform for Scale {
    fn update(&self, update: Tensor<1>, _state: &mut State, _param: &Parameter, _step: &Step) -> Tensor<1> {
        update * self.factor
    }
}
