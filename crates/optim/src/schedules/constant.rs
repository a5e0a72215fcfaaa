use super::prelude::*;

schedule! {
    [
        "constant_schedule(value)" => |a| Constant { lr: a.number("value")? };
        "Constant(lr)" => |a| Constant { lr: a.number("lr")? };
    ]
    /// The same rate at every step (`optax.constant_schedule`).
    pub struct Constant = "constant" {
        /// The rate.
        lr: f64, in NonNegative;
    }
}

impl Schedule for Constant {
    fn rate(&self, _step: u64) -> f64 {
        self.lr
    }
}
