use super::alone;
use crate::prelude::*;

recipe! {
    /// Schedule-free learning: gradients at a point between another optimizer's sequence and its average, in place of a schedule.
    ///
    /// ```text
    /// z ← z − (the optimizer's step, from the gradient at y)
    /// c = w / Σ w,   w = (the largest η so far)^p
    /// x ← (1 − c) x + c z
    /// y ← b₁ x + (1 − b₁) z
    /// ```
    /// The weights that are trained are `y`; the average `x` is what is evaluated. It replaces the optimizer's momentum, so that
    /// the optimizer inside should have none.
    ///
    /// A. Defazio, X. A. Yang, H. Mehta, K. Mishchenko, A. Khaled and A. Cutkosky, The road less scheduled, NeurIPS (2024),
    /// arXiv:2405.15682. As in optax.
    pub struct ScheduleFree = "schedule_free" {
        /// The optimizer that moves `z`.
        optimizer: AnyRecipe = crate::recipes::Sgd::default().into(), in Any;
        /// How much of the average is in `y`, `b₁`.
        b1: f64 = 0.9, in Unit;
        /// The power `p` of the rate in the weights of the average.
        weight_lr_power: f64 = 2.0, in NonNegative;
    }
    agree(own) {
        if own.b1 == 0.0 {
            return Err(Error::Hyperparameter(
                "`b1` of `schedule_free` is 0, which leaves no trace of the average; give it a value above 0.".into(),
            ));
        }
    }
}

#[derive(Debug)]
pub(super) struct Averaged {
    pub inner: Chain,
    pub b1: f64,
    pub power: f64,
    /// Steps in which the rate grows to its full size.
    pub warmup_steps: usize,
}

impl Averaged {
    /// The average, from `y` and `z`.
    fn x(&self, y: &Tensor<1>, z: Tensor<1>) -> Tensor<1> {
        (y.clone() - z * (1.0 - self.b1)) / self.b1
    }

    /// The rate of a step in the warm-up.
    fn rate(&self, step: &Step) -> Tensor<1> {
        match self.warmup_steps {
            0 => step.lr.clone(),
            n => step.lr.clone() * (step.count_like(&step.lr) / n as f64).clamp_max(1.0),
        }
    }
}

impl Transform for Averaged {
    fn init(&self, param: &Parameter) -> State {
        let zero = param.scalar(0.0);
        State::of([("z", param.value.clone()), ("weights", zero.clone()), ("largest", zero)])
            .with_parts(vec![self.inner.init(param)])
    }

    fn update_all(
        &self,
        updates: Vec<Tensor<1>>,
        states: &mut [State],
        params: &[Parameter],
        step: &Step,
    ) -> Vec<Tensor<1>> {
        let mut inner = State::take_parts(states, 0);
        // In optax the optimizer inside counts steps from zero, and the weights of the average from one.
        let before = step.previous();
        let moving = Step { lr: self.rate(&before), ..step.clone() };
        let moved = self.inner.update_all(updates, &mut inner, params, &moving);
        State::put_parts(states, 0, inner);
        let each = moved.into_iter().zip(states).zip(params);
        each.map(|((moved, state), param)| {
            let largest = state.float("largest").max_pair(self.rate(step));
            let weight = power(largest.clone(), self.power);
            let weights = state.float("weights") + weight.clone();
            // A rate of zero has no weight, and the first ones may all be zero.
            let is_none = weights.clone().equal_elem(0.0);
            let part = either(is_none, param.scalar(0.0), weight / weights.clone());
            let x = self.x(&param.value, state.float("z"));
            let z = state.float("z") - moved;
            state.set("largest", largest);
            state.set("weights", weights);
            state.set("z", z.clone());
            let x = x * (part.clone().neg() + 1.0) + z.clone() * part;
            param.value.clone() - (x * self.b1 + z * (1.0 - self.b1))
        })
        .collect()
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        alone(self, update, state, param, step)
    }

    fn eval_param(&self, state: &State, param: &Parameter) -> Option<Tensor<1>> {
        Some(self.x(&param.value, state.float("z")))
    }

    inside!(inner);
}

impl Recipe for ScheduleFree {
    const CITATION: &'static str = "\
@inproceedings{defazio2024,
  author = {Defazio, Aaron and Yang, Xingyu Alice and Mehta, Harsh and Mishchenko, Konstantin and Khaled, Ahmed
    and Cutkosky, Ashok},
  title = {The Road Less Scheduled},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2024}, eprint = {2405.15682}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] =
        &["optax.contrib.schedule_free(base_optimizer: optimizer, -learning_rate, b1, weight_lr_power)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(Averaged {
            inner: self.optimizer.transform()?,
            b1: self.b1,
            power: self.weight_lr_power,
            warmup_steps: 0,
        }))
    }
}
