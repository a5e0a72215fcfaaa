use super::super::Adagrad;
use crate::prelude::*;

recipe! {
    /// AdaGrad as the study notes have it, with `σ` beside the root.
    ///
    /// ```text
    /// s ← s + g²                                   from zero
    /// θ ← θ − α / (√s + σ) · g
    /// ```
    /// It is [`Adagrad`](super::super::Adagrad) with `σ = 1e-6` in the place of PyTorch's 1e-10. The rate of an element only falls: where
    /// gradients stay large, it falls as `1/√t`, and training may end before the minimum.
    pub struct NotesAdagrad = "notes_adagrad" {
        /// Learning rate `α`.
        lr: f64 = 1e-2, in NonNegative;
        /// `σ`, beside the root.
        sigma: f64 = 1e-6, in NonNegative;
    }
}

impl Recipe for NotesAdagrad {
    const CITATION: &'static str = "";
    const REFERENCES: &'static [&'static str] = &[];

    fn links(&self) -> Result<Chain> {
        Adagrad { lr: self.lr, eps: self.sigma, ..Adagrad::default() }.links()
    }
}
