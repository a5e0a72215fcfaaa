use burn::nn::Initializer;

use crate::scheme::scheme;
use crate::{Law, Place, Result};

scheme! {
    /// Uniform on `[low, high)`.
    ///
    /// The defaults are PyTorch's, `[0, 1)`; JAX draws from `[0, 0.01)` and Keras from `[-0.05, 0.05)`.
    pub struct Uniform = "uniform" {
        /// The least value.
        low: f64 = 0.0, in Finite;
        /// What values stay below.
        high: f64 = 1.0, in Finite;
    }

    fn law(&self, _: &Place) -> Result<Law> {
        Ok(Law::Uniform { low: self.low, high: self.high })
    }

    fn in_burn(&self) -> Option<Initializer> {
        Some(Initializer::Uniform { min: self.low, max: self.high })
    }
}
