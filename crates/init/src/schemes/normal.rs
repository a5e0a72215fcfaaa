use burn::nn::Initializer;

use crate::scheme::scheme;
use crate::{Law, Place, Result};

scheme! {
    /// Normal with a mean and a standard deviation.
    ///
    /// The defaults are PyTorch's, 0 and 1; JAX has a deviation of 0.01 and Keras of 0.05.
    pub struct Normal = "normal" {
        /// The mean.
        mean: f64 = 0.0, in Finite;
        /// The standard deviation.
        std: f64 = 1.0, in NonNegative;
    }

    fn law(&self, _: &Place) -> Result<Law> {
        Ok(Law::Normal { mean: self.mean, std: self.std })
    }

    fn in_burn(&self) -> Option<Initializer> {
        Some(Initializer::Normal { mean: self.mean, std: self.std })
    }
}

scheme! {
    /// Normal, drawn again outside of two bounds, as PyTorch has it: the bounds are values.
    ///
    /// So with `std = 0.02` (the default of ViT and ConvNeXt in timm) the bounds of ±2 cut nothing. The deviation that is
    /// left after the cut is not made up for. Reference: `torch.nn.init.trunc_normal_`.
    pub struct TruncNormal = "trunc_normal" {
        /// The mean before the cut.
        mean: f64 = 0.0, in Finite;
        /// The standard deviation before the cut.
        std: f64 = 1.0, in Positive;
        /// The least value.
        low: f64 = -2.0, in Finite;
        /// The largest value.
        high: f64 = 2.0, in Finite;
    }

    fn law(&self, _: &Place) -> Result<Law> {
        Ok(Law::TruncatedNormal { mean: self.mean, std: self.std, low: self.low, high: self.high })
    }
}

scheme! {
    /// Normal around zero, drawn again outside of two bounds, as JAX has it: the bounds count standard deviations.
    ///
    /// The deviation that is left after the cut, 0.88 of `std` at the default bounds, is not made up for. Reference:
    /// `jax.nn.initializers.truncated_normal`; Keras's `TruncatedNormal` is this with `std = 0.05`.
    pub struct TruncatedNormal = "truncated_normal" {
        /// The standard deviation before the cut.
        std: f64 = 0.01, in Positive;
        /// The lower bound, in standard deviations.
        lower: f64 = -2.0, in Finite;
        /// The upper bound, in standard deviations.
        upper: f64 = 2.0, in Finite;
    }

    fn law(&self, _: &Place) -> Result<Law> {
        let (low, high) = (self.lower * self.std, self.upper * self.std);
        Ok(Law::TruncatedNormal { mean: 0.0, std: self.std, low, high })
    }
}
