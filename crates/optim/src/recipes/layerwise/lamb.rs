use crate::prelude::*;

recipe! {
    /// LAMB: Adam's step, scaled for each tensor in proportion to its weights.
    ///
    /// ```text
    /// u = Adam(g) + λ θ
    /// θ ← θ − η ‖θ‖ / ‖u‖ · u                      without the ratio where a norm is 0
    /// ```
    /// Y. You, J. Li, S. Reddi, J. Hseu, S. Kumar and others, Large batch optimization for deep learning: training BERT in 76
    /// minutes, ICLR (2020), arXiv:1904.00962. As in optax.
    pub struct Lamb = "lamb" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
        /// Decay `β₁` of the average of gradients.
        beta1: f64 = 0.9, in Decay;
        /// Decay `β₂` of the average of their squares.
        beta2: f64 = 0.999, in Decay;
        /// `ε`, outside of the root.
        eps: f64 = 1e-6, in NonNegative;
        /// What is added inside of the root, `ε′`.
        eps_root: f64 = 0.0, in NonNegative;
        /// Weight decay `λ`, added to Adam's step.
        weight_decay: f64 = 0.0, in NonNegative;
    }
}

impl Recipe for Lamb {
    const CITATION: &'static str = "\
@inproceedings{you2020,
  author = {You, Yang and Li, Jing and Reddi, Sashank and Hseu, Jonathan and Kumar, Sanjiv and Bhojanapalli, Srinadh
    and Song, Xiaodan and Demmel, James and Keutzer, Kurt and Hsieh, Cho-Jui},
  title = {Large Batch Optimization for Deep Learning: Training {BERT} in 76 Minutes},
  booktitle = {International Conference on Learning Representations},
  year = {2020}, eprint = {1904.00962}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] =
        &["optax.lamb(learning_rate: lr, b1: beta1, b2: beta2, eps, eps_root, weight_decay, -mask)"];

    fn links(&self) -> Result<Chain> {
        let Lamb { beta1, beta2, eps, eps_root, weight_decay, .. } = *self;
        let adam = ScaleByAdam { beta1, beta2, eps, eps_root, ..ScaleByAdam::default() };
        Ok(Chain::new(adam).decayed(weight_decay).then(ScaleByTrustRatio::default()).then(ScaleByLr))
    }
}
