use crate::prelude::*;

single! {
    ["optax.trace(decay, nesterov)"]
    /// Accumulated updates: `b ← μ b + (1 − d) u`, with `b = u` in the first step; `u ← b`.
    ///
    /// With `nesterov` it is `u ← u + μ b`.
    pub struct Trace = "trace" {
        /// What the memory keeps of itself, `μ`.
        decay: f64 = 0.9, in Unit;
        /// What is left out of each update after the first, `d`.
        dampening: f64 = 0.0, in Unit;
        /// Whether the update looks one step ahead.
        nesterov: bool = false, in Any;
    }
}

impl Transform for Trace {
    fn init(&self, param: &Parameter) -> State {
        State::of([("trace", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let new = match self.dampening {
            0.0 => update.clone(),
            dampening => either(step.is_first(), update.clone(), update.clone() * (1.0 - dampening)),
        };
        let trace = state.float("trace") * self.decay + new;
        state.set("trace", trace.clone());
        if self.nesterov { update + trace * self.decay } else { trace }
    }
}
