use burn::nn::Initializer;

use super::variance_scaling::{Distribution, Mode};
use crate::scheme::scheme;
use crate::{Law, Place, Result};

/// The two schemes of Glorot and Bengio, to be refined: `Xavier::uniform().gain(5.0 / 3.0)`.
pub struct Xavier;

impl Xavier {
    /// Normal, with gain 1.
    pub fn normal() -> XavierNormal {
        XavierNormal::default()
    }

    /// Uniform, with gain 1.
    pub fn uniform() -> XavierUniform {
        XavierUniform::default()
    }
}

macro_rules! xavier {
    ($Type:ident = $name:literal, $distribution:ident, $first:literal, $($formula:literal)*) => {
        scheme! {
            #[doc = $first]
            #[doc = ""]
            $(#[doc = $formula])*
            ///
            /// Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
            pub struct $Type = $name {
                /// What the standard deviation is multiplied by, for instance by
                /// [`calculate_gain`](crate::calculate_gain).
                gain: f64 = 1.0, in NonNegative;
            }

            fn law(&self, place: &Place) -> Result<Law> {
                let std = self.gain / Mode::FanAvg.of(place.fans($name)?).sqrt();
                Ok(if std == 0.0 { Law::Constant(0.0) } else { Distribution::$distribution.law(std) })
            }

            fn in_burn(&self) -> Option<Initializer> {
                Some(Initializer::$Type { gain: self.gain })
            }
        }

        impl $Type {
            /// With this gain.
            pub fn gain(self, gain: f64) -> Self {
                Self { gain }
            }
        }
    };
}

xavier!(
    XavierNormal = "xavier_normal",
    Normal,
    "Glorot's, normal: `std = gain·√(2/(fan_in + fan_out))`.",
    "Reference: `torch.nn.init.xavier_normal_`. JAX and Keras cut the distribution at two deviations; that is"
    "`variance_scaling(mode=fan_avg)`."
);

xavier!(
    XavierUniform = "xavier_uniform",
    Uniform,
    "Glorot's, uniform within `±gain·√(6/(fan_in + fan_out))`.",
    "Reference: `torch.nn.init.xavier_uniform_`, and `glorot_uniform` of JAX and Keras."
);
