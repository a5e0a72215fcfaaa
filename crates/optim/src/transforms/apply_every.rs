use crate::prelude::*;

single! {
    ["optax.apply_every(k)"]
    /// The sum of `k` updates at every `k`-th step, and zero between.
    ///
    /// For an optimizer that only moves at every `k`-th step, on the mean of the gradients, see
    /// `multi_steps`.
    pub struct ApplyEvery = "apply_every" {
        /// The number of steps.
        k: usize = 1, in AtLeastOne;
    }
}

impl Transform for ApplyEvery {
    fn init(&self, param: &Parameter) -> State {
        State::of([("sum", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let place = step.count.clone().remainder_scalar(self.k as i64);
        let starts = place.clone().equal_elem(1 % self.k as i64);
        let sum = either(starts, update.clone(), state.float("sum") + update);
        state.set("sum", sum.clone());
        either(place.equal_elem(0), sum.clone(), sum.zeros_like())
    }
}
