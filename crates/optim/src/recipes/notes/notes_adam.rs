use crate::prelude::*;

recipe! {
    /// Adam as the study notes have it: their momentum and their RMSProp at once.
    ///
    /// ```text
    /// S ← β₁ S + (1 − β₁) g,   s ← β₂ s + (1 − β₂) g²          from zero
    /// θ ← θ − α S / (√s + σ)
    /// ```
    /// Without corrections for the start, which [`Adam`](super::super::Adam) has: with `β₂ > β₁` the first steps are too long, by
    /// `(1 − β₁) / √(1 − β₂)` in the first one. As in [`EwaMomentum`](super::EwaMomentum) the first moment averages and does not
    /// accumulate; what carries Adam over flat ground is the division, which makes small gradients large.
    pub struct NotesAdam = "notes_adam" {
        /// Learning rate `α`.
        lr: f64 = 1e-3, in NonNegative;
        /// What the average of gradients keeps of itself, `β₁`.
        beta1: f64 = 0.9, in Decay;
        /// What the average of squares keeps of itself, `β₂`.
        beta2: f64 = 0.999, in Decay;
        /// `σ`, beside the root.
        sigma: f64 = 1e-6, in NonNegative;
    }
}

#[derive(Debug)]
struct Rule(NotesAdam);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("m", param.zeros()), ("v", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, _step: &Step) -> Tensor<1> {
        let m = state.average("m", self.0.beta1, update.clone());
        let v = state.average("v", self.0.beta2, update.square());
        m / (v.sqrt() + self.0.sigma)
    }
}

impl Recipe for NotesAdam {
    const CITATION: &'static str = "";
    const REFERENCES: &'static [&'static str] = &[];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(Rule(self.clone())).then(ScaleByLr))
    }
}
