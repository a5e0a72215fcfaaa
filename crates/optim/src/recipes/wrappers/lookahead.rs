use super::alone;
use crate::prelude::*;

recipe! {
    /// Lookahead: slow weights that follow the fast ones of another optimizer, and draw them back.
    ///
    /// ```text
    /// θ ← θ − (the optimizer's step)
    /// every k-th step:  φ ← φ + α (θ − φ),  θ ← φ
    /// ```
    /// The slow weights `φ` are what is evaluated. With `reset_state` the optimizer inside begins anew after each draw.
    ///
    /// M. R. Zhang, J. Lucas, G. Hinton and J. Ba, Lookahead optimizer: k steps forward, 1 step back, NeurIPS (2019),
    /// arXiv:1907.08610.
    pub struct Lookahead = "lookahead" {
        /// The optimizer of the fast weights.
        optimizer: AnyRecipe = crate::recipes::Sgd::default().into(), in Any;
        /// How many fast steps make a slow one, `k`.
        k: usize = 5, in AtLeastOne;
        /// How far slow weights go, `α`.
        alpha: f64 = 0.5, in Unit;
        /// Whether the optimizer inside begins anew.
        reset_state: bool = false, in Any;
    }
}

#[derive(Debug)]
struct Rule {
    inner: Chain,
    k: i64,
    alpha: f64,
    reset_state: bool,
}

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("slow", param.value.clone())]).with_parts(vec![self.inner.init(param)])
    }

    fn update_all(
        &self,
        updates: Vec<Tensor<1>>,
        states: &mut [State],
        params: &[Parameter],
        step: &Step,
    ) -> Vec<Tensor<1>> {
        let is_due = step.count.clone().remainder_scalar(self.k).equal_elem(0);
        let mut inner = State::take_parts(states, 0);
        let inside = match self.reset_state {
            // An optimizer that begins anew counts anew.
            true => Step { count: (step.count.clone() - 1).remainder_scalar(self.k) + 1, ..step.clone() },
            false => step.clone(),
        };
        let fast = self.inner.update_all(updates, &mut inner, params, &inside);
        if self.reset_state {
            let anew = inner.into_iter().zip(params);
            inner = anew.map(|(state, param)| self.inner.init(param).where_or(&is_due, state)).collect();
        }
        State::put_parts(states, 0, inner);
        let each = fast.into_iter().zip(states).zip(params);
        each.map(|((fast, state), param)| {
            let slow = state.float("slow");
            let moved = slow.clone() + (param.value.clone() - fast.clone() - slow.clone()) * self.alpha;
            state.set("slow", either(is_due.clone(), moved.clone(), slow));
            either(is_due.clone(), param.value.clone() - moved, fast)
        })
        .collect()
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        alone(self, update, state, param, step)
    }

    fn eval_param(&self, state: &State, _param: &Parameter) -> Option<Tensor<1>> {
        Some(state.float("slow"))
    }

    inside!(inner);
}

impl Recipe for Lookahead {
    const CITATION: &'static str = "\
@inproceedings{zhang2019,
  author = {Zhang, Michael R. and Lucas, James and Hinton, Geoffrey and Ba, Jimmy},
  title = {Lookahead Optimizer: k Steps Forward, 1 Step Back},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2019}, eprint = {1907.08610}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] =
        &["optax.lookahead(fast_optimizer: optimizer, sync_period: k, slow_step_size: alpha, reset_state)"];

    fn links(&self) -> Result<Chain> {
        let Lookahead { k, alpha, reset_state, .. } = *self;
        Ok(Chain::new(Rule { inner: self.optimizer.transform()?, k: k as i64, alpha, reset_state }))
    }
}
