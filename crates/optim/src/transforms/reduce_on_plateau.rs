use crate::prelude::*;

single! {
    ["optax.contrib.reduce_on_plateau(factor, patience, rtol, atol, cooldown, accumulation_size, min_scale)"]
    /// A factor on the update that falls when the loss no longer does.
    ///
    /// The loss is averaged over `accumulation_size` steps. When `patience` such averages in a row do not lie below
    /// `(1 − rtol) best − atol`, the factor is multiplied by `factor`, down to `min_scale`; for the next `cooldown`
    /// averages it then stays.
    pub struct ReduceOnPlateau = "reduce_on_plateau" {
        /// What the scale is multiplied by.
        factor: f64 = 0.1, in Unit;
        /// How many averages in a row may bring nothing.
        patience: usize = 10, in AtLeastOne;
        /// How much better the loss must become, relative to the best.
        rtol: f64 = 1e-4, in Unit;
        /// How much better the loss must become, absolutely.
        atol: f64 = 0.0, in NonNegative;
        /// For how many averages the scale then stays.
        cooldown: usize = 0, in Any;
        /// How many steps the loss is averaged over.
        accumulation_size: usize = 1, in AtLeastOne;
        /// The least scale.
        min_scale: f64 = 0.0, in NonNegative;
    }
    agree(own) {
        if own.rtol == 0.0 && own.atol == 0.0 {
            return Err(Error::Hyperparameter(
                "`rtol` and `atol` of `reduce_on_plateau` are both 0; give one of them a value above 0.".into(),
            ));
        }
        if own.factor == 0.0 || own.factor == 1.0 {
            return Err(Error::Hyperparameter(format!(
                "`factor` of `reduce_on_plateau` must be a number between 0 and 1, but it is `{}`.", own.factor,
            )));
        }
    }
}

impl Transform for ReduceOnPlateau {
    fn init(&self, param: &Parameter) -> State {
        let (zero, none) = (param.scalar(0.0), param.count(0));
        State::of([("scale", param.scalar(1.0)), ("best", param.scalar(f64::INFINITY)), ("mean", zero)])
            .with_int("seen", none.clone())
            .with_int("plateau", none.clone())
            .with_int("cooldown", none)
    }

    fn needs_loss(&self) -> bool {
        true
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let (scale, best) = (state.float("scale"), state.float("best"));
        let (seen, plateau, cooldown) = (state.int("seen"), state.int("plateau"), state.int("cooldown"));
        let none = seen.zeros_like();

        let so_far = seen.clone().float().cast(update.dtype());
        let mean = (state.float("mean") * so_far.clone() + step.loss()) / (so_far + 1.0);
        let seen = seen + 1;
        let is_due = seen.clone().equal_elem(self.accumulation_size as i64);

        let improves = mean.clone().lower(best.clone() * (1.0 - self.rtol) - self.atol);
        let waited = either(improves.clone(), none.clone(), plateau.clone() + 1);
        let is_cooling = cooldown.clone().greater_elem(0);
        let is_over = waited.clone().equal_elem(self.patience as i64).bool_and(is_cooling.clone().bool_not());
        let reduced = either(is_over.clone(), scale.clone() * self.factor, scale.clone());
        let reduced = either(is_cooling.clone(), scale.clone(), reduced.clamp_min(self.min_scale));
        let rests = is_cooling.clone().bool_or(is_over.clone());
        let waited = either(rests, none.clone(), waited);
        let pause = either(is_over, none.clone() + self.cooldown as i64, none.clone());
        let pause = either(is_cooling, cooldown.clone() - 1, pause);

        let scale = either(is_due.clone(), reduced, scale);
        state.set("scale", scale.clone());
        state.set("best", either(is_due.clone().bool_and(improves), mean.clone(), best));
        state.set("mean", either(is_due.clone(), param.scalar(0.0), mean));
        state.set_int("plateau", either(is_due.clone(), waited, plateau));
        state.set_int("cooldown", either(is_due.clone(), pause, cooldown));
        state.set_int("seen", either(is_due, none, seen));
        update * scale
    }
}
