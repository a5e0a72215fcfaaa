use crate::prelude::*;

single! {
    ["optax.normalize_by_update_norm(scale_factor, eps)", "optax.contrib.normalize(;eps=0)"]
    /// The updates of all tensors together, scaled to one norm: `u ← c u / (‖u‖ + ε)`.
    pub struct Normalize = "normalize" {
        /// The norm `c` that they get.
        scale_factor: f64 = 1.0, in Positive;
        /// What is added to the norm, `ε`.
        eps: f64 = 1e-6, in NonNegative;
    }
}

impl Transform for Normalize {
    fn num_measures(&self) -> usize {
        1
    }

    fn measure(&self, update: &Tensor<1>, _state: &State, _param: &Parameter, _step: &Step) -> Vec<Tensor<1>> {
        vec![squared_norm(update)]
    }

    fn update(&self, update: Tensor<1>, _state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        update / ((step.measure(0).sqrt() + self.eps) / self.scale_factor)
    }
}
