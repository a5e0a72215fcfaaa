use burn::nn::Initializer;

use crate::scheme::scheme;
use crate::{Law, Place, Result};

scheme! {
    /// All zeros: for biases. Weights of zero leave hidden units alike for ever.
    pub struct Zeros = "zeros" {}

    fn law(&self, _: &Place) -> Result<Law> {
        Ok(Law::Constant(0.0))
    }

    fn in_burn(&self) -> Option<Initializer> {
        Some(Initializer::Zeros)
    }
}

scheme! {
    /// All ones: for the scales of normalizations.
    pub struct Ones = "ones" {}

    fn law(&self, _: &Place) -> Result<Law> {
        Ok(Law::Constant(1.0))
    }

    fn in_burn(&self) -> Option<Initializer> {
        Some(Initializer::Ones)
    }
}

scheme! {
    /// All the same value.
    pub struct Constant = "constant" {
        /// The value.
        value: f64, in Finite;
    }

    fn law(&self, _: &Place) -> Result<Law> {
        Ok(Law::Constant(self.value))
    }

    fn in_burn(&self) -> Option<Initializer> {
        Some(Initializer::Constant { value: self.value })
    }
}
