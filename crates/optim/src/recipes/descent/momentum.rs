use super::Sgd;
use crate::prelude::*;

recipe! {
    /// Polyak's heavy ball: gradients accumulate, and old ones fade.
    ///
    /// ```text
    /// b ← μ b + g
    /// θ ← θ − η b                with nesterov: θ ← θ − η (g + μ b)
    /// ```
    /// B. T. Polyak, Some methods of speeding up the convergence of iteration methods, USSR Computational Mathematics and
    /// Mathematical Physics 4 (1964). It is [`Sgd`] with a momentum of 0.9. A constant gradient is amplified to
    /// `1 / (1 − μ)` times itself, which is what carries across flat ground and inflections; compare the averaging form
    /// `ewa_momentum`, whose gain is one.
    pub struct Momentum = "momentum" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
        /// Momentum `μ`: what the memory keeps of itself.
        momentum: f64 = 0.9, in Decay;
        /// Nesterov's form of momentum.
        nesterov: bool = false, in Any;
    }
}

impl Recipe for Momentum {
    const CITATION: &'static str = "\
@article{polyak1964,
  author = {Polyak, Boris T.},
  title = {Some Methods of Speeding up the Convergence of Iteration Methods},
  journal = {USSR Computational Mathematics and Mathematical Physics},
  volume = {4}, number = {5}, pages = {1--17}, year = {1964}
}";
    const REFERENCES: &'static [&'static str] = &[];

    fn links(&self) -> Result<Chain> {
        let Momentum { lr, momentum, nesterov } = self.clone();
        Sgd { lr, momentum, nesterov, ..Sgd::default() }.transform()
    }
}
