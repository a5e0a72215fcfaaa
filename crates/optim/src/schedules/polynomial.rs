use super::prelude::*;

schedule! {
    /// `end + (start − end) · (1 − t / steps)^power`, constant before `begin` and after the last step
    /// (`optax.polynomial_schedule`; PyTorch's `PolynomialLR` with `end = 0`).
    pub struct Polynomial = "polynomial" {
        /// The rate at first.
        start: f64, in NonNegative;
        /// The rate in the end.
        end: f64 = 0.0, in NonNegative;
        /// The exponent; 1 gives a straight line.
        power: f64 = 1.0, in NonNegative;
        /// The number of steps from one to the other.
        steps: usize, in AtLeastOne;
        /// The step at which the decay begins.
        begin: usize = 0, in Any;
    }
}

impl Schedule for Polynomial {
    fn rate(&self, step: u64) -> f64 {
        let left = 1.0 - progress(step, self.begin, self.steps);
        self.end + (self.start - self.end) * left.powf(self.power)
    }
}
