use crate::prelude::*;

recipe! {
    /// Optimistic gradient descent: a step along the gradient, corrected by how it has changed.
    ///
    /// `θ ← θ − η ((α + β) g − β g₋)`, with `g₋ = g` in the first step. It steadies games, where plain descent circles.
    ///
    /// A. Mokhtari, A. Ozdaglar and S. Pattathil, A unified analysis of extra-gradient and optimistic gradient methods for saddle
    /// point problems, AISTATS (2020), arXiv:1901.08511.
    pub struct OptimisticGd = "optimistic_gd" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
        /// The weight `α` of the gradient.
        alpha: f64 = 1.0, in Finite;
        /// The weight `β` of its change.
        beta: f64 = 1.0, in Finite;
    }
}

#[derive(Debug)]
pub(in crate::recipes) struct Optimism {
    pub alpha: f64,
    pub beta: f64,
}

impl Transform for Optimism {
    fn init(&self, param: &Parameter) -> State {
        State::of([("last", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let last = either(step.is_first(), update.clone(), state.float("last"));
        state.set("last", update.clone());
        update * (self.alpha + self.beta) - last * self.beta
    }
}

impl Recipe for OptimisticGd {
    const CITATION: &'static str = "\
@inproceedings{mokhtari2020,
  author = {Mokhtari, Aryan and Ozdaglar, Asuman and Pattathil, Sarath},
  title = {A Unified Analysis of Extra-Gradient and Optimistic Gradient Methods for Saddle Point Problems},
  booktitle = {International Conference on Artificial Intelligence and Statistics},
  year = {2020}, eprint = {1901.08511}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] =
        &["optax.optimistic_gradient_descent(learning_rate: lr, alpha, beta)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(Optimism { alpha: self.alpha, beta: self.beta }).then(ScaleByLr))
    }
}
