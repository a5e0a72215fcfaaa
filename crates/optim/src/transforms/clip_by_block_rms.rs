use crate::prelude::*;

single! {
    ["optax.clip_by_block_rms(threshold)"]
    /// Each tensor's update, scaled down to a root mean square of `threshold` where its own is larger:
    /// `u ← u / max(1, RMS(u) / threshold)`.
    pub struct ClipByBlockRms = "clip_by_block_rms" {
        /// The largest root mean square.
        threshold: f64 = 1.0, in Positive;
    }
}

impl Transform for ClipByBlockRms {
    fn update(&self, update: Tensor<1>, _state: &mut State, _param: &Parameter, _step: &Step) -> Tensor<1> {
        let rms = update.clone().square().mean().sqrt();
        update / (rms / self.threshold).clamp_min(1.0)
    }
}
