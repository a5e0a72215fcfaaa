use burn::tensor::Tensor;

use crate::{Parameter, State, Step, Transform};

/// Accumulated updates: `b ← μ b + (1 − d) u`, with `b = u` in the first step; `u ← b`, or `u + μ b` with Nesterov.
#[derive(Clone, Copy, Debug)]
pub struct Trace {
    /// What the memory keeps of itself, `μ`.
    pub decay: f64,
    /// What is left out of each update after the first, `d`.
    pub dampening: f64,
    /// Whether the update looks one step ahead.
    pub nesterov: bool,
}

impl Transform for Trace {
    fn init(&self, param: &Parameter) -> State {
        State::of([("trace", param.value.zeros_like())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let new = match self.dampening {
            0.0 => update.clone(),
            dampening => {
                let first = step.count.clone().equal_elem(1).float().cast(update.dtype());
                update.clone() * (first * dampening + (1.0 - dampening))
            }
        };
        let trace = state.float("trace") * self.decay + new;
        state.set("trace", trace.clone());
        if self.nesterov { update + trace * self.decay } else { trace }
    }
}
