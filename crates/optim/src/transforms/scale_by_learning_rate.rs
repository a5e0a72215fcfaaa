use crate::prelude::*;

recipe! {
    /// The learning rate as a link of its own: `u ← η u`.
    pub struct ScaleByLearningRate = "scale_by_learning_rate" {
        /// Learning rate `η`, where no schedule gives one.
        lr: f64 = 1e-3, in NonNegative;
    }
}

impl Recipe for ScaleByLearningRate {
    const CITATION: &'static str = "";
    const REFERENCES: &'static [&'static str] = &["optax.scale_by_learning_rate(learning_rate: lr)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(ScaleByLr))
    }
}
