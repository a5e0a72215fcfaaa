use crate::prelude::*;

single! {
    ["optax.scale_by_adam(b1: beta1, b2: beta2, eps, eps_root, -mu_dtype, nesterov)"]
    /// Adam's averages: `u ← m̂ / (√(v̂ + ε′) + ε)`.
    ///
    /// ```text
    /// m ← β₁ m + (1 − β₁) u,   v ← β₂ v + (1 − β₂) u²,   m̂ = m / (1 − β₁ᵗ),   v̂ = v / (1 − β₂ᵗ)
    /// ```
    pub struct ScaleByAdam = "scale_by_adam" {
        /// Decay `β₁` of the average of updates.
        beta1: f64 = 0.9, in Decay;
        /// Decay `β₂` of the average of their squares.
        beta2: f64 = 0.999, in Decay;
        /// `ε`, outside of the root.
        eps: f64 = 1e-8, in NonNegative;
        /// `ε′`, inside of the root.
        eps_root: f64 = 0.0, in NonNegative;
        /// Whether `v̂` is the largest `v` so far, corrected as the latest.
        amsgrad: bool = false, in Any;
        /// Whether `m̂` is `β₁ m / (1 − β₁ᵗ⁺¹) + (1 − β₁) u / (1 − β₁ᵗ)`.
        nesterov: bool = false, in Any;
    }
}

impl Transform for ScaleByAdam {
    fn init(&self, param: &Parameter) -> State {
        let state = State::of([("m", param.zeros()), ("v", param.zeros())]);
        if self.amsgrad { state.with("v_max", param.zeros()) } else { state }
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let m = step.first_moment(state, self.beta1, self.nesterov, update.clone());
        let mut v = state.average("v", self.beta2, update.clone().square());
        if self.amsgrad {
            v = v.max_pair(state.float("v_max"));
            state.set("v_max", v.clone());
        }
        let v = v * step.bias_correction(self.beta2, &update).recip();
        let v = if self.eps_root == 0.0 { v } else { v + self.eps_root };
        m / (v.sqrt() + self.eps)
    }
}
