use super::prelude::*;

schedule! {
    []
    /// `lr / (1 + decay · t)^power`: what Robbins and Monro ask of a rate (`½ < power ≤ 1`), and with `power = ½` the
    /// inverse square root.
    ///
    /// H. Robbins and S. Monro, A stochastic approximation method, Ann. Math. Statist. 22 (1951).
    pub struct InverseTime = "inverse_time" {
        /// The rate at first.
        lr: f64, in NonNegative;
        /// How fast it falls.
        decay: f64, in NonNegative;
        /// The exponent.
        power: f64 = 1.0, in NonNegative;
    }
}

impl Schedule for InverseTime {
    fn rate(&self, step: u64) -> f64 {
        self.lr / (1.0 + self.decay * step as f64).powf(self.power)
    }
}
