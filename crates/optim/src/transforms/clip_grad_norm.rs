use crate::prelude::*;

single! {
    ["torch.nn.utils.clip_grad_norm_(params, max_norm, norm_type)"]
    /// The updates of all tensors together, scaled down to the norm `max_norm` where theirs is larger, as in PyTorch.
    ///
    /// `u ← u · min(1, max_norm / (‖u‖ₚ + 1e-6))`, with the norm over all tensors. [`ClipByGlobalNorm`] has no 1e-6.
    ///
    /// The sum of powers is in the element type: a norm above 1.8e19 in f32 overflows to infinity, and the update is zero, as in
    /// PyTorch.
    pub struct ClipGradNorm = "clip_grad_norm" {
        /// The largest norm.
        max_norm: f64 = 1.0, in Positive;
        /// The order `p` of the norm.
        norm_type: f64 = 2.0, in Positive;
    }
}

impl Transform for ClipGradNorm {
    fn num_measures(&self) -> usize {
        1
    }

    fn measure(&self, update: &Tensor<1>, _state: &State, _param: &Parameter, _step: &Step) -> Vec<Tensor<1>> {
        vec![match self.norm_type {
            2.0 => squared_norm(update),
            p => power(update.clone().abs(), p).sum(),
        }]
    }

    fn update(&self, update: Tensor<1>, _state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let norm = match self.norm_type {
            2.0 => step.measure(0).sqrt(),
            p => power(step.measure(0), 1.0 / p),
        };
        update * ((norm + 1e-6).recip() * self.max_norm).clamp_max(1.0)
    }
}
