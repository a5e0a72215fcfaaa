use crate::prelude::*;

recipe! {
    /// Rprop: a step size for every element, which grows while its gradient keeps its sign and shrinks when it turns.
    ///
    /// ```text
    /// s ← clamp(s · η₊)   where g g₋ > 0           from s = η
    /// s ← clamp(s · η₋)   where g g₋ < 0, and g ← 0
    /// θ ← θ − s sign g
    /// ```
    /// It asks for gradients without noise. The learning rate only sets the first step size. As in PyTorch; optax 0.2.8 is one step
    /// late.
    ///
    /// M. Riedmiller and H. Braun, A direct adaptive method for faster backpropagation learning: the RPROP algorithm, IEEE
    /// International Conference on Neural Networks (1993).
    pub struct Rprop = "rprop" {
        /// Learning rate `η`: the first step size.
        lr: f64 = 1e-2, in NonNegative;
        /// Factor `η₋` after a turn.
        eta_minus: f64 = 0.5, in Decay;
        /// Factor `η₊` without one.
        eta_plus: f64 = 1.2, in AtLeastOne;
        /// The least step size.
        min_step_size: f64 = 1e-6, in NonNegative;
        /// The largest step size.
        max_step_size: f64 = 50.0, in Positive;
    }
    agree(own) {
        if own.min_step_size > own.max_step_size {
            return Err(Error::Hyperparameter(format!(
                "`min_step_size` of `rprop`, {}, is above `max_step_size`, {}; exchange them.",
                own.min_step_size, own.max_step_size,
            )));
        }
    }
}

#[derive(Debug)]
struct Rule(Rprop);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("size", param.zeros()), ("last", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let Rprop { eta_minus, eta_plus, min_step_size, max_step_size, .. } = self.0;
        let size = either(step.is_first(), step.lr.clone(), state.float("size"));
        let turn = (update.clone() * state.float("last")).sign();
        let turns = turn.clone().lower_elem(0.0);
        let factor = either(turn.clone().greater_elem(0.0), param.scalar(eta_plus), param.scalar(1.0));
        let factor = either(turns.clone(), param.scalar(eta_minus), factor);
        let size = (size * factor).clamp(min_step_size, max_step_size);
        let kept = either(turns, param.zeros(), update);
        state.set("size", size.clone());
        state.set("last", kept.clone());
        kept.sign() * size
    }
}

impl Recipe for Rprop {
    const CITATION: &'static str = "\
@inproceedings{riedmiller1993,
  author = {Riedmiller, Martin and Braun, Heinrich},
  title = {A Direct Adaptive Method for Faster Backpropagation Learning: The {RPROP} Algorithm},
  booktitle = {IEEE International Conference on Neural Networks},
  pages = {586--591}, year = {1993}
}";
    const REFERENCES: &'static [&'static str] = &[
        "torch.optim.Rprop(params, lr, etas: [eta_minus, eta_plus], step_sizes: [min_step_size, max_step_size])",
    ];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(Rule(self.clone())))
    }
}
