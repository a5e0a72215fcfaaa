use crate::prelude::*;

single! {
    ["optax.adaptive_grad_clip(clipping, eps; layout=flax)"]
    /// Adaptive gradient clipping: each output's update is at most a part of its weights.
    ///
    /// `u ← u · c · max(‖w‖, ε) / max(‖u‖, 1e-6)` where `‖u‖ ≥ c · max(‖w‖, ε)`, with the norms of what belongs to one
    /// output of the layer; of the whole tensor where it has only one axis.
    ///
    /// A. Brock, S. De, S. L. Smith and K. Simonyan, High-performance large-scale image recognition without
    /// normalization, ICML (2021), arXiv:2102.06171.
    pub struct AdaptiveGradClip = "adaptive_grad_clip" {
        /// The largest ratio `c` of the norms.
        clipping: f64 = 0.01, in Positive;
        /// The least norm `ε` of weights.
        eps: f64 = 1e-3, in NonNegative;
        /// Which axis counts the outputs.
        layout: Layout = Layout::Burn, in Any;
    }
}

impl Transform for AdaptiveGradClip {
    fn update(&self, update: Tensor<1>, _state: &mut State, param: &Parameter, _step: &Step) -> Tensor<1> {
        let shape = &param.shape;
        let inputs = self.layout.inputs(shape).unwrap_or(0..shape.len());
        let norm = |x: Tensor<1>| cube(x.square(), shape, inputs.clone()).sum_dim(1).sqrt();
        let max = norm(param.value.clone()).clamp_min(self.eps) * self.clipping;
        let own = norm(update.clone());
        let all = cube(update, shape, inputs.clone());
        let clipped = all.clone() * (max.clone() / own.clone().clamp_min(1e-6));
        let keeps = own.lower(max).expand(all.dims());
        let new = clipped.mask_where(keeps, all);
        let n = new.dims().iter().product::<usize>();
        new.reshape([n])
    }
}
