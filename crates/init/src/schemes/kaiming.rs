use burn::nn::Initializer;

use super::gain::{Nonlinearity, calculate_gain};
use super::variance_scaling::{Distribution, Mode};
use crate::scheme::scheme;
use crate::{Law, Place, Result};

/// The two schemes of He et al., to be refined: `Kaiming::normal().relu()`.
pub struct Kaiming;

impl Kaiming {
    /// Normal, keeping the forward variance, for a relu.
    pub fn normal() -> KaimingNormal {
        KaimingNormal::default()
    }

    /// Uniform, keeping the forward variance, for a relu.
    pub fn uniform() -> KaimingUniform {
        KaimingUniform::default()
    }
}

fn gain(a: f64, nonlinearity: Nonlinearity) -> Result<f64> {
    calculate_gain(nonlinearity, (nonlinearity == Nonlinearity::LeakyRelu).then_some(a))
}

fn std(place: &Place, scheme: &str, mode: Mode, a: f64, nonlinearity: Nonlinearity) -> Result<f64> {
    Ok(gain(a, nonlinearity)? / mode.of(place.fans(scheme)?).sqrt())
}

macro_rules! kaiming {
    ($Type:ident = $name:literal, $distribution:ident, $first:literal, $($formula:literal)*) => {
        scheme! {
            #[doc = $first]
            #[doc = ""]
            $(#[doc = $formula])*
            /// With the defaults the gain is √2 and the variance `2/fan_in`.
            ///
            /// He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015.
            pub struct $Type = $name {
                /// Which fan: `fan_in` keeps the variance of activations, `fan_out` that of gradients.
                mode: Mode = Mode::FanIn, in Any;
                /// The slope of a leaky relu below zero.
                a: f64 = 0.0, in Finite;
                /// What the layer's output goes through.
                nonlinearity: Nonlinearity = Nonlinearity::LeakyRelu, in Any;
            }

            fn law(&self, place: &Place) -> Result<Law> {
                Ok(Distribution::$distribution.law(std(place, $name, self.mode, self.a, self.nonlinearity)?))
            }

            fn in_burn(&self) -> Option<Initializer> {
                let fan_out_only = match self.mode {
                    Mode::FanIn => false,
                    Mode::FanOut => true,
                    _ => return None,
                };
                Some(Initializer::$Type { gain: gain(self.a, self.nonlinearity).ok()?, fan_out_only })
            }
        }

        impl $Type {
            /// For a relu.
            pub fn relu(self) -> Self {
                self.nonlinearity(Nonlinearity::Relu)
            }

            /// For a leaky relu with this slope below zero.
            pub fn leaky_relu(self, a: f64) -> Self {
                Self { a, ..self.nonlinearity(Nonlinearity::LeakyRelu) }
            }

            /// For any nonlinearity.
            pub fn nonlinearity(self, nonlinearity: Nonlinearity) -> Self {
                Self { nonlinearity, ..self }
            }

            /// Keeps the variance of gradients instead of that of activations.
            pub fn fan_out(self) -> Self {
                Self { mode: Mode::FanOut, ..self }
            }
        }
    };
}

kaiming!(
    KaimingNormal = "kaiming_normal",
    Normal,
    "He's, normal: `std = gain/√fan`.",
    "Reference: `torch.nn.init.kaiming_normal_`. JAX and Keras cut the distribution at two deviations; that is"
    "`variance_scaling(scale=2)`."
);

kaiming!(
    KaimingUniform = "kaiming_uniform",
    Uniform,
    "He's, uniform within `±gain·√(3/fan)`.",
    "Reference: `torch.nn.init.kaiming_uniform_`, and `he_uniform` of JAX and Keras."
);
