use super::Constant;
use super::prelude::*;

schedule! {
    [
        "get_chebyshev_schedule(opt, num_epochs, is_warmup=False)" => |a| match a.flag("is_warmup") {
         true => AnySchedule::from(Constant { lr: a.lr() }),
         false => Chebyshev { lr: a.lr(), steps: a.count("num_epochs")?, low: 0.05, high: 1.0 }.into(),
         };
    ]
    /// The steps of Chebyshev's method for a spectrum from `low` to `high`, in the fractal order that keeps it stable:
    /// `lr / (c − r cos((k + ½) π / n))`, `c = (high + low) / 2`, `r = (high − low) / 2`, `n` the least power of two from
    /// `steps` on. Starts with the third step's rate three times and stays at the last
    /// (`pytorch_optimizer.get_chebyshev_schedule`, whose epochs count from two).
    ///
    /// N. Agarwal, S. Goel and C. Zhang, Acceleration via fractal learning rate schedules, ICML (2021), arXiv:2103.01338.
    pub struct Chebyshev = "chebyshev" {
        /// What everything is multiplied by.
        lr: f64, in NonNegative;
        /// The number of steps.
        steps: usize, in AtLeastOne;
        /// The least eigenvalue.
        low: f64 = 0.05, in Positive;
        /// The largest eigenvalue.
        high: f64 = 1.0, in Positive;
    }
}

impl Schedule for Chebyshev {
    fn rate(&self, step: u64) -> f64 {
        let n = self.steps.next_power_of_two() as u64;
        // The reference permutes as many indices as it needs for two steps fewer.
        let permuted = n.saturating_sub(2).max(1).next_power_of_two();
        let position = step.saturating_sub(2).min(permuted - 1);
        // The orders are 0; 0 1; 0 3 1 2; …: in each, every index of the one before is followed by its mirror image.
        let (mut k, mut length) = (0, 1);
        for bit in (0..permuted.trailing_zeros()).rev() {
            // Reading the position from its highest bit, each set bit mirrors what the bits before have given.
            if position >> bit & 1 == 1 {
                k = 2 * length - 1 - k;
            }
            length *= 2;
        }
        let (c, r) = ((self.high + self.low) / 2.0, (self.high - self.low) / 2.0);
        let angle = (k as f64 + 0.5) * std::f64::consts::PI / n as f64;
        self.lr / (c - r * angle.cos())
    }
}
