use super::super::Rmsprop;
use crate::prelude::*;

recipe! {
    /// RMSProp as the study notes have it, with `σ` beside the root.
    ///
    /// ```text
    /// s ← β s + (1 − β) g²                         from zero
    /// θ ← θ − α / (√s + σ) · g
    /// ```
    /// It is [`Rmsprop`](super::super::Rmsprop) with `σ = 1e-6` and `β = 0.9`. The average starts from zero and is not corrected, so that
    /// the first steps are `1/√(1 − β)` times as long as later ones.
    pub struct NotesRmsprop = "notes_rmsprop" {
        /// Learning rate `α`.
        lr: f64 = 1e-2, in NonNegative;
        /// What the average keeps of itself, `β`.
        beta: f64 = 0.9, in Decay;
        /// `σ`, beside the root.
        sigma: f64 = 1e-6, in NonNegative;
    }
}

impl Recipe for NotesRmsprop {
    const CITATION: &'static str = "";
    const REFERENCES: &'static [&'static str] = &[];

    fn links(&self) -> Result<Chain> {
        Rmsprop { lr: self.lr, alpha: self.beta, eps: self.sigma, ..Rmsprop::default() }.links()
    }
}
