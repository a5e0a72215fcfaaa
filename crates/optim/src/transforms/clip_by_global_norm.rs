use crate::prelude::*;

single! {
    ["optax.clip_by_global_norm(max_norm)"]
    /// The updates of all tensors together, scaled down to the norm `max_norm` where theirs is larger.
    ///
    /// `u ← u · max_norm / ‖u‖` if `‖u‖ ≥ max_norm`, with the norm over all tensors, as in optax. PyTorch's form is
    /// [`ClipGradNorm`].
    pub struct ClipByGlobalNorm = "clip_by_global_norm" {
        /// The largest norm.
        max_norm: f64 = 1.0, in Positive;
    }
}

impl Transform for ClipByGlobalNorm {
    fn num_measures(&self) -> usize {
        1
    }

    fn measure(&self, update: &Tensor<1>, _state: &State, _param: &Parameter, _step: &Step) -> Vec<Tensor<1>> {
        vec![squared_norm(update)]
    }

    fn update(&self, update: Tensor<1>, _state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let norm = step.measure(0).sqrt();
        let clipped = update.clone() / norm.clone() * self.max_norm;
        either(norm.lower_elem(self.max_norm), update, clipped)
    }
}
