use crate::prelude::*;

recipe! {
    /// Sign descent: a step of the same size for every element, against the sign of its gradient.
    ///
    /// `θ ← θ − η sign g`.
    ///
    /// J. Bernstein, Y.-X. Wang, K. Azizzadenesheli and A. Anandkumar, signSGD: compressed optimisation for non-convex problems,
    /// ICML (2018), arXiv:1802.04434.
    pub struct SignSgd = "sign_sgd" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
    }
}

impl Recipe for SignSgd {
    const CITATION: &'static str = "\
@inproceedings{bernstein2018,
  author = {Bernstein, Jeremy and Wang, Yu-Xiang and Azizzadenesheli, Kamyar and Anandkumar, Animashree},
  title = {{signSGD}: Compressed Optimisation for Non-Convex Problems},
  booktitle = {International Conference on Machine Learning},
  year = {2018}, eprint = {1802.04434}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &["optax.sign_sgd(learning_rate: lr)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(Sign {}).then(ScaleByLr))
    }
}
