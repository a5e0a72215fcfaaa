use crate::prelude::*;

recipe! {
    /// Momentum as an exponentially weighted average of gradients, as the study notes have it.
    ///
    /// ```text
    /// S ← β S + (1 − β) g                          from zero
    /// θ ← θ − α S
    /// ```
    /// It is [`Momentum`](super::super::Momentum) at `(1 − β)` times its rate. What is true of it: its steady gain is one, where heavy
    /// ball's is `1 / (1 − β)`. So at equal rate it leaves a saddle more slowly than plain descent, which itself is slower than heavy
    /// ball (226 against 145 and 52 steps on `x² − y² + ¼ y⁴`), and it does not cross an inflection where plain descent does not: an
    /// average of gradients of one sign is never larger than the largest of them. What it gains is a larger stable rate and calmer
    /// ravines, as the average takes out what alternates. Crossing flat ground is what accumulation does, not averaging.
    pub struct EwaMomentum = "ewa_momentum" {
        /// Learning rate `α`.
        lr: f64 = 1e-2, in NonNegative;
        /// What the average keeps of itself, `β`.
        beta: f64 = 0.9, in Decay;
    }
}

impl Recipe for EwaMomentum {
    const CITATION: &'static str = "";
    const REFERENCES: &'static [&'static str] = &[];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(Ema { decay: self.beta, debias: false }).then(ScaleByLr))
    }
}
