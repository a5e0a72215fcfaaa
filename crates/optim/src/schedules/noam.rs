use super::prelude::*;

schedule! {
    [
        "Noam(factor, warmup_steps=4000, model_size=512)" => |a| Noam {
         factor: a.number("factor")?,
         dim: a.count("model_size")?,
         warmup: a.count("warmup_steps")?,
         };
    ]
    /// `factor · dim^−½ · min(t^−½, t · warmup^−1.5)` with `t` counted from one: up in a straight line for `warmup` steps,
    /// then down with the inverse square root (Burn's Noam schedule).
    ///
    /// A. Vaswani et al., Attention is all you need, NIPS 30 (2017), arXiv:1706.03762.
    pub struct Noam = "noam" {
        /// What everything is multiplied by.
        factor: f64 = 1.0, in NonNegative;
        /// The width of the model.
        dim: usize = 512, in AtLeastOne;
        /// The number of steps up.
        warmup: usize = 4000, in AtLeastOne;
    }
}

impl Schedule for Noam {
    fn rate(&self, step: u64) -> f64 {
        let t = step as f64 + 1.0;
        let warmup = self.warmup as f64;
        self.factor * (self.dim as f64).powf(-0.5) * t.powf(-0.5).min(t * warmup.powf(-1.5))
    }
}
