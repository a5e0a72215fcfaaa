use super::schedule_free::Averaged;
use crate::prelude::*;

recipe! {
    /// Schedule-free gradient descent: [`ScheduleFree`](super::ScheduleFree) around plain descent with weight decay.
    ///
    /// As `optax.contrib.schedule_free_sgd`, in whose warm-up the rate of step `t` of `n` is `(t − 1)/n` of the whole, but counts as `t/n` in the
    /// weights of the average.
    pub struct ScheduleFreeSgd = "schedule_free_sgd" {
        /// Learning rate `η`.
        lr: f64 = 1.0, in NonNegative;
        /// How much of the average is in `y`, `b₁`.
        b1: f64 = 0.9, in Unit;
        /// Weight decay `λ`, added to the gradient.
        weight_decay: f64 = 0.0, in NonNegative;
        /// Steps in which the rate grows to its full size; none if it is zero.
        warmup_steps: usize = 0, in Any;
        /// The power of the rate in the weights of the average.
        weight_lr_power: f64 = 2.0, in NonNegative;
    }
}

impl Recipe for ScheduleFreeSgd {
    const CITATION: &'static str = "\
@inproceedings{defazio2024,
  author = {Defazio, Aaron and Yang, Xingyu Alice and Mehta, Harsh and Mishchenko, Konstantin and Khaled, Ahmed
    and Cutkosky, Ashok},
  title = {The Road Less Scheduled},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2024}, eprint = {2405.15682}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "optax.contrib.schedule_free_sgd(learning_rate: lr, warmup_steps, b1, weight_decay, weight_lr_power)",
    ];

    fn links(&self) -> Result<Chain> {
        let inner = Chain::default().decayed(self.weight_decay).then(ScaleByLr);
        Ok(Chain::new(Averaged {
            inner,
            b1: self.b1,
            power: self.weight_lr_power,
            warmup_steps: self.warmup_steps,
        }))
    }
}
