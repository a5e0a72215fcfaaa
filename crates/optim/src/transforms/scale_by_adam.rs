use burn::tensor::Tensor;

use crate::{Parameter, State, Step, Transform};

/// Adam's averages: `u ← m̂ / (√(v̂ + ε′) + ε)`.
///
/// ```text
/// m ← β₁ m + (1 − β₁) u,   v ← β₂ v + (1 − β₂) u²,   m̂ = m / (1 − β₁ᵗ),   v̂ = v / (1 − β₂ᵗ)
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ScaleByAdam {
    /// Decay `β₁` of the average of updates.
    pub beta1: f64,
    /// Decay `β₂` of the average of their squares.
    pub beta2: f64,
    /// `ε`, outside of the root.
    pub eps: f64,
    /// `ε′`, inside of the root.
    pub eps_root: f64,
    /// Whether `v̂` is the largest `v` so far, corrected as the latest.
    pub amsgrad: bool,
    /// Whether `m̂` is `β₁ m / (1 − β₁ᵗ⁺¹) + (1 − β₁) u / (1 − β₁ᵗ)`.
    pub nesterov: bool,
}

impl Transform for ScaleByAdam {
    fn init(&self, param: &Parameter) -> State {
        let zeros = param.value.zeros_like();
        let state = State::of([("m", zeros.clone()), ("v", zeros.clone())]);
        if self.amsgrad { state.with("v_max", zeros) } else { state }
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let correction = step.bias_correction(self.beta1, &update);
        let m = state.average("m", self.beta1, update.clone());
        let mut v = state.average("v", self.beta2, update.clone().square());
        if self.amsgrad {
            v = v.max_pair(state.float("v_max"));
            state.set("v_max", v.clone());
        }
        let v = v / step.bias_correction(self.beta2, &update);
        let v = if self.eps_root == 0.0 { v } else { v + self.eps_root };
        let m = match self.nesterov {
            false => m / correction,
            true => {
                let next = step.next().bias_correction(self.beta1, &update);
                m * self.beta1 / next + update * (1.0 - self.beta1) / correction
            }
        };
        m / (v.sqrt() + self.eps)
    }
}
