use crate::prelude::*;

recipe! {
    /// Signum: sign descent along the average of gradients.
    ///
    /// `m ← β m + (1 − β) g`, `θ ← θ − η sign m`.
    ///
    /// J. Bernstein, Y.-X. Wang, K. Azizzadenesheli and A. Anandkumar, signSGD: compressed optimisation for non-convex problems,
    /// ICML (2018), arXiv:1802.04434.
    pub struct Signum = "signum" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
        /// Decay `β` of the average of gradients.
        beta: f64 = 0.9, in Decay;
    }
}

impl Recipe for Signum {
    const CITATION: &'static str = "\
@inproceedings{bernstein2018,
  author = {Bernstein, Jeremy and Wang, Yu-Xiang and Azizzadenesheli, Kamyar and Anandkumar, Animashree},
  title = {{signSGD}: Compressed Optimisation for Non-Convex Problems},
  booktitle = {International Conference on Machine Learning},
  year = {2018}, eprint = {1802.04434}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &["optax.signum(learning_rate: lr, beta, -accumulator_dtype)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(Ema { decay: self.beta, debias: false }).then(Sign {}).then(ScaleByLr))
    }
}
