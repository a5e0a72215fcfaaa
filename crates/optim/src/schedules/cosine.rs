use super::prelude::*;

schedule! {
    [
        "cosine_decay_schedule(init_value, decay_steps, alpha=0, exponent=1)" => |a| Cosine {
         lr: a.number("init_value")?,
         steps: a.count("decay_steps")?,
         end: a.number("init_value")? * a.number("alpha")?,
         power: a.number("exponent")?,
         };
    ]
    /// Half a wave of a cosine from `lr` down to `end`, then constant:
    /// `end + (lr − end) · (½ (1 + cos(π t / steps)))^power` (`optax.cosine_decay_schedule`, with `end = alpha · lr`).
    ///
    /// I. Loshchilov and F. Hutter, SGDR: stochastic gradient descent with warm restarts, ICLR (2017), arXiv:1608.03983.
    pub struct Cosine = "cosine" {
        /// The rate at first.
        lr: f64, in NonNegative;
        /// The number of steps.
        steps: usize, in AtLeastOne;
        /// The rate in the end.
        end: f64 = 0.0, in NonNegative;
        /// The exponent of the wave.
        power: f64 = 1.0, in Positive;
    }
}

impl Schedule for Cosine {
    fn rate(&self, step: u64) -> f64 {
        let part = wave(1.0, 0.0, progress(step, 0, self.steps));
        self.end + (self.lr - self.end) * part.powf(self.power)
    }
}
