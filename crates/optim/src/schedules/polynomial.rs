use super::prelude::*;

schedule! {
    [
        "PolynomialLR(opt, total_iters=5, power=1)" => |a| Polynomial {
         start: a.lr(),
         end: 0.0,
         power: a.number("power")?,
         steps: a.count("total_iters")?,
         begin: 0,
         };
        "polynomial_schedule(init_value, end_value, power, transition_steps, transition_begin=0)" => |a| Polynomial {
         start: a.number("init_value")?,
         end: a.number("end_value")?,
         power: a.number("power")?,
         steps: a.count("transition_steps")?,
         begin: a.count("transition_begin")?,
         };
    ]
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
