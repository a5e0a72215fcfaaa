//! What is made of other optimizers.

use burn::tensor::Tensor;

use crate::{Parameter, State, Step, Transform};

crate::prelude::folder! {
    "wrappers"
    chain: Chained;
    multi_steps: MultiSteps;
    lookahead: Lookahead;
    schedule_free: ScheduleFree;
    schedule_free_sgd: ScheduleFreeSgd;
    schedule_free_adamw: ScheduleFreeAdamW;
    mechanic: Mechanic;
}

/// The update of one tensor by a wrapper whose rule is for all.
fn alone(
    rule: &dyn Transform,
    update: Tensor<1>,
    state: &mut State,
    param: &Parameter,
    step: &Step,
) -> Tensor<1> {
    let all = rule.update_all(vec![update], std::slice::from_mut(state), std::slice::from_ref(param), step);
    all.into_iter().next().unwrap_or_else(|| param.zeros())
}
