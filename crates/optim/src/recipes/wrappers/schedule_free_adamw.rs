use super::schedule_free::Averaged;
use crate::prelude::*;

recipe! {
    /// Schedule-free AdamW: [`ScheduleFree`](super::ScheduleFree) around Adam without its first moment, with weight decay.
    ///
    /// ```text
    /// v ← β₂ v + (1 − β₂) g²
    /// z ← z − η (g / (√(v / (1 − β₂ᵗ)) + ε) + λ y)
    /// ```
    /// As `optax.contrib.schedule_free_adamw`, in whose warm-up the rate of step `t` of `n` is `(t − 1)/n` of the whole, but counts as `t/n` in the
    /// weights of the average.
    pub struct ScheduleFreeAdamW = "schedule_free_adamw" {
        /// Learning rate `η`.
        lr: f64 = 2.5e-3, in NonNegative;
        /// How much of the average is in `y`, `b₁`.
        b1: f64 = 0.9, in Unit;
        /// Decay `β₂` of the average of their squares.
        beta2: f64 = 0.999, in Decay;
        /// `ε`, outside of the root.
        eps: f64 = 1e-8, in NonNegative;
        /// Weight decay `λ`, multiplied by the learning rate.
        weight_decay: f64 = 0.0, in NonNegative;
        /// Steps in which the rate grows to its full size; none if it is zero.
        warmup_steps: usize = 0, in Any;
        /// The power of the rate in the weights of the average.
        weight_lr_power: f64 = 2.0, in NonNegative;
    }
}

impl Recipe for ScheduleFreeAdamW {
    const CITATION: &'static str = "\
@inproceedings{defazio2024,
  author = {Defazio, Aaron and Yang, Xingyu Alice and Mehta, Harsh and Mishchenko, Konstantin and Khaled, Ahmed
    and Cutkosky, Ashok},
  title = {The Road Less Scheduled},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2024}, eprint = {2405.15682}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "optax.contrib.schedule_free_adamw(learning_rate: lr, warmup_steps, b1, b2: beta2, eps, weight_decay, weight_lr_power)",
    ];

    fn links(&self) -> Result<Chain> {
        let adam = ScaleByAdam { beta1: 0.0, beta2: self.beta2, eps: self.eps, ..ScaleByAdam::default() };
        let inner = Chain::new(adam).decayed(self.weight_decay).then(ScaleByLr);
        Ok(Chain::new(Averaged {
            inner,
            b1: self.b1,
            power: self.weight_lr_power,
            warmup_steps: self.warmup_steps,
        }))
    }
}
