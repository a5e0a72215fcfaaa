use crate::prelude::*;

single! {
    ["torch.optim.swa_utils.get_swa_multi_avg_fn()", "torch.optim.swa_utils.get_swa_avg_fn()"]
    /// Stochastic weight averaging: the arithmetic mean of the weights after each step from `start` on, beside them.
    ///
    /// It belongs at the end of a chain; the update passes through, and the mean is what is evaluated. As
    /// `torch.optim.swa_utils.AveragedModel`, updated after each step.
    ///
    /// P. Izmailov, D. Podoprikhin, T. Garipov, D. Vetrov and A. G. Wilson, Averaging weights leads to wider optima and
    /// better generalization, UAI (2018), arXiv:1803.05407.
    pub struct Swa = "swa" {
        /// The step, from one, from which on weights are averaged.
        start: usize = 1, in AtLeastOne;
    }
}

impl Transform for Swa {
    fn init(&self, param: &Parameter) -> State {
        State::of([("average", param.value.clone())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let new = param.value.clone() - update.clone();
        let old = state.float("average");
        // Before its start the average follows the weights.
        let count = (step.count.clone() - (self.start as i64 - 1)).clamp_min(1);
        let count = count.float().cast(update.dtype());
        state.set("average", old.clone() + (new - old) / count);
        update
    }

    fn eval_param(&self, state: &State, _param: &Parameter) -> Option<Tensor<1>> {
        Some(state.float("average"))
    }
}
