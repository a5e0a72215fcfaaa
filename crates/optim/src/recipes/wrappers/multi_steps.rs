use super::alone;
use crate::prelude::*;

recipe! {
    /// An optimizer that moves at every `k`-th step, on the mean of the gradients in between.
    ///
    /// Between, weights stay where they are, and the optimizer inside sees neither the steps nor their gradients. As
    /// `optax.MultiSteps`; without `mean` it sums.
    pub struct MultiSteps = "multi_steps" {
        /// The optimizer that moves.
        optimizer: AnyRecipe = crate::recipes::Sgd::default().into(), in Any;
        /// The number of steps.
        k: usize = 1, in AtLeastOne;
        /// Whether gradients are averaged rather than summed.
        mean: bool = true, in Any;
    }
}

#[derive(Debug)]
struct Rule {
    inner: Chain,
    k: i64,
    mean: bool,
}

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("gathered", param.zeros())]).with_parts(vec![self.inner.init(param)])
    }

    fn update_all(
        &self,
        updates: Vec<Tensor<1>>,
        states: &mut [State],
        params: &[Parameter],
        step: &Step,
    ) -> Vec<Tensor<1>> {
        let place = (step.count.clone() - 1).remainder_scalar(self.k);
        let starts = place.clone().equal_elem(0);
        let is_due = place.clone().equal_elem(self.k - 1);
        let gathered = updates.into_iter().zip(states.iter_mut()).map(|(update, state)| {
            let old = state.float("gathered");
            let new = match self.mean {
                true => {
                    old.clone() + (update.clone() - old) / (place.clone().float().cast(update.dtype()) + 1.0)
                }
                false => old + update.clone(),
            };
            let gathered = either(starts.clone(), update, new);
            state.set("gathered", gathered.clone());
            gathered
        });
        let gathered: Vec<Tensor<1>> = gathered.collect();
        let inside = Step { count: (step.count.clone() - 1) / self.k + 1, ..step.clone() };
        let mut inner = State::take_parts(states, 0);
        let before = inner.clone();
        let moved = self.inner.update_all(gathered, &mut inner, params, &inside);
        let kept = inner.into_iter().zip(before).map(|(new, old)| new.where_or(&is_due, old));
        State::put_parts(states, 0, kept);
        moved.into_iter().map(|u| either(is_due.clone(), u.clone(), u.zeros_like())).collect()
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        alone(self, update, state, param, step)
    }

    inside!(inner);
}

impl Recipe for MultiSteps {
    const CITATION: &'static str = "";
    const REFERENCES: &'static [&'static str] =
        &["optax.MultiSteps(opt: optimizer, every_k_schedule: k, use_grad_mean: mean)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(Rule { inner: self.optimizer.transform()?, k: self.k as i64, mean: self.mean }))
    }
}
