use super::alone;
use crate::prelude::*;

recipe! {
    /// Mechanic: learns the scale of another optimizer's displacement from the start, by betting on it at several horizons.
    ///
    /// ```text
    /// Δ₋ = (θ₀ − θ) / (s + ε),   Δ = Δ₋ + (the optimizer's step)
    /// g ← g + λ s ‖g‖ / (‖θ‖ + ε) θ,   h = ⟨g, Δ₋⟩
    /// for each horizon i, βᵢ = 1 − 10⁻ⁱ:
    ///     m ← max(β m, |h| + ε),   v ← β² v + h²,   r ← β r + clamp(h, ±m₋) s,
    ///     s ← (s₀ / n · m + max(0, r)) / (√v + ε)
    /// θ ← θ₀ − (Σ s) Δ
    /// ```
    /// with products over all tensors. A. Cutkosky, A. Defazio and H. Mehta, Mechanic: a learning rate tuner, NeurIPS (2023),
    /// arXiv:2306.00144. As in optax.
    pub struct Mechanic = "mechanic" {
        /// The optimizer whose displacement is scaled.
        optimizer: AnyRecipe = crate::recipes::Sgd::default().into(), in Any;
        /// Weight decay `λ`, relative to the gradient.
        weight_decay: f64 = 1e-2, in NonNegative;
        /// `ε`, added to what is divided by.
        eps: f64 = 1e-8, in NonNegative;
        /// The first scale `s₀` at each horizon.
        s_init: f64 = 1e-6, in Positive;
        /// The number `n` of horizons.
        num_betas: usize = 6, in AtLeastOne;
    }
}

#[derive(Debug)]
struct Rule {
    inner: Chain,
    mechanic: Mechanic,
}

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        let none = param.scalar(0.0).repeat_dim(0, self.mechanic.num_betas);
        State::of([
            ("start", param.value.clone()),
            ("reward", none.clone()),
            ("most", none.clone()),
            ("squares", none.clone()),
            ("scale", none + self.mechanic.s_init),
        ])
        .with_parts(vec![self.inner.init(param)])
    }

    fn update_all(
        &self,
        updates: Vec<Tensor<1>>,
        states: &mut [State],
        params: &[Parameter],
        step: &Step,
    ) -> Vec<Tensor<1>> {
        let Some(first) = states.first() else { return updates };
        let Mechanic { weight_decay, eps, s_init, num_betas, .. } = self.mechanic;
        let (reward, most, squares, scale) =
            (first.float("reward"), first.float("most"), first.float("squares"), first.float("scale"));
        let mut inner = State::take_parts(states, 0);
        let moved = self.inner.update_all(updates.clone(), &mut inner, params, step);
        State::put_parts(states, 0, inner);

        let total = scale.clone().sum();
        let sum = |each: Vec<Tensor<1>>| each.into_iter().reduce(|a, b| a + b).unwrap_or(total.clone());
        let gradient = sum(updates.iter().map(squared_norm).collect()).sqrt();
        let weights = sum(params.iter().map(|p| squared_norm(&p.value)).collect()).sqrt();
        let decay = total.clone() * weight_decay * gradient / (weights + eps);
        let gone = |state: &State, param: &Parameter| {
            (state.float("start") - param.value.clone()) / (total.clone() + eps)
        };
        let along = updates.into_iter().zip(states.iter()).zip(params).map(|((update, state), param)| {
            ((update + param.value.clone() * decay.clone()) * gone(state, param)).sum()
        });
        let h = sum(along.collect());

        let betas: Vec<f64> = (1..=num_betas as i32).map(|i| 1.0 - 0.1f64.powi(i)).collect();
        let betas = like_list(&betas, &h);
        let clipped = h.clone().expand([num_betas]).max_pair(most.clone().neg()).min_pair(most.clone());
        let most = (betas.clone() * most).max_pair((h.clone().abs() + eps).expand([num_betas]));
        let squares = betas.clone().square() * squares + h.square();
        let reward = betas * reward + clipped * scale;
        let wealth = most.clone() * (s_init / num_betas as f64) + reward.clone().clamp_min(0.0);
        let scale = wealth / (squares.clone().sqrt() + eps);
        let new = scale.clone().sum();

        let each = moved.into_iter().zip(states).zip(params);
        each.map(|((moved, state), param)| {
            let displacement = gone(state, param) + moved;
            state.set("reward", reward.clone());
            state.set("most", most.clone());
            state.set("squares", squares.clone());
            state.set("scale", scale.clone());
            param.value.clone() - (state.float("start") - displacement * new.clone())
        })
        .collect()
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        alone(self, update, state, param, step)
    }

    fn is_tree_wide(&self) -> bool {
        true
    }

    fn needs_loss(&self) -> bool {
        self.inner.needs_loss()
    }

    fn is_traceable(&self) -> bool {
        self.inner.is_traceable()
    }
}

impl Recipe for Mechanic {
    const CITATION: &'static str = "\
@inproceedings{cutkosky2023,
  author = {Cutkosky, Ashok and Defazio, Aaron and Mehta, Harsh},
  title = {{Mechanic}: A Learning Rate Tuner},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2023}, eprint = {2306.00144}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] =
        &["optax.contrib.mechanize(base_optimizer: optimizer, weight_decay, eps, s_init, num_betas)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(Rule { inner: self.optimizer.transform()?, mechanic: self.clone() }))
    }
}
