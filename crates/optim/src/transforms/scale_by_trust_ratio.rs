use crate::prelude::*;

single! {
    ["optax.scale_by_trust_ratio(min_norm, trust_coefficient, eps)"]
    /// Each tensor's update in proportion to its weights: `u ← c ‖θ‖ / (‖u‖ + ε) u`.
    ///
    /// Norms are at least `min_norm`; where one of them is zero the update stays as it is.
    pub struct ScaleByTrustRatio = "scale_by_trust_ratio" {
        /// The least norm of weights and of updates.
        min_norm: f64 = 0.0, in NonNegative;
        /// The ratio `c` of the norms.
        trust_coefficient: f64 = 1.0, in Positive;
        /// What is added to the norm of the update, `ε`.
        eps: f64 = 0.0, in NonNegative;
    }
}

impl Transform for ScaleByTrustRatio {
    fn update(&self, update: Tensor<1>, _state: &mut State, param: &Parameter, _step: &Step) -> Tensor<1> {
        let weights = norm(&param.value).clamp_min(self.min_norm);
        let own = norm(&update).clamp_min(self.min_norm);
        let is_zero = weights.clone().equal_elem(0.0).bool_or(own.clone().equal_elem(0.0));
        let ratio = weights * self.trust_coefficient / (own + self.eps);
        update * either(is_zero, param.scalar(1.0), ratio)
    }
}
