use crate::error::{Error, Result};
use crate::math::second_moment;
use crate::setting::words;

words! {
    /// What a layer's output goes through, by PyTorch's names.
    pub enum Nonlinearity {
        /// Nothing.
        Linear = "linear",
        /// Nothing, after a convolution.
        Conv1d = "conv1d",
        /// Nothing, after a convolution.
        Conv2d = "conv2d",
        /// Nothing, after a convolution.
        Conv3d = "conv3d",
        /// Nothing, after a transposed convolution.
        ConvTranspose1d = "conv_transpose1d",
        /// Nothing, after a transposed convolution.
        ConvTranspose2d = "conv_transpose2d",
        /// Nothing, after a transposed convolution.
        ConvTranspose3d = "conv_transpose3d",
        /// `1/(1 + exp(−x))`.
        Sigmoid = "sigmoid",
        /// The hyperbolic tangent.
        Tanh = "tanh",
        /// `max(x, 0)`.
        Relu = "relu",
        /// `max(x, a·x)`.
        LeakyRelu = "leaky_relu",
        /// The scaled exponential unit of self-normalizing networks.
        Selu = "selu",
        /// `x·Φ(x)`.
        Gelu = "gelu",
        /// `x·sigmoid(x)`, also called swish.
        Silu = "silu",
        /// `x·tanh(ln(1 + exp x))`.
        Mish = "mish",
        /// `x` above zero and `exp(x) − 1` below.
        Elu = "elu",
        /// `ln(1 + exp x)`.
        Softplus = "softplus",
    }
}

/// By how much weights must grow for what a nonlinearity takes away.
///
/// For PyTorch's names these are PyTorch's numbers: 1 for linear layers, convolutions and sigmoid, 5/3 for tanh, √2 for
/// relu, `√(2/(1 + a²))` for leaky relu (`a = 0.01` unless given), 3/4 for selu. PyTorch has none for the others, and here
/// they follow from the rule behind relu's: with unit-normal pre-activations `z`, the next layer's are of unit variance if
/// `gain²·E[f(z)²] = 1`, so that `gain = E[f(z)²]^(−½)`; that gives 1.5335 for gelu and 1.6765 for silu.
///
/// ```
/// use thalweg_init::{Nonlinearity, calculate_gain};
/// assert_eq!(calculate_gain(Nonlinearity::Tanh, None)?, 5.0 / 3.0);
/// assert!((calculate_gain(Nonlinearity::Gelu, None)? - 1.5335).abs() < 1e-4);
/// # Ok::<(), thalweg_init::Error>(())
/// ```
///
/// # Errors
/// [`Error::Setting`] for a parameter where there is none, and for a slope that is not finite.
pub fn calculate_gain(nonlinearity: Nonlinearity, parameter: Option<f64>) -> Result<f64> {
    let of = |f: fn(f64) -> f64| 1.0 / second_moment(f).sqrt();
    match (nonlinearity, parameter) {
        (Nonlinearity::LeakyRelu, Some(a)) if !a.is_finite() => {
            return Err(Error::Setting(format!("The slope of a leaky relu must be finite, but it is {a}.")));
        }
        (Nonlinearity::LeakyRelu, _) | (_, None) => {}
        (other, Some(_)) => {
            return Err(Error::Setting(format!(
                "The gain of {other:?} has no parameter; only that of a leaky relu has one, its slope."
            )));
        }
    }
    let softplus = |x: f64| libm::log1p(libm::exp(-x.abs())) + x.max(0.0);
    Ok(match nonlinearity {
        Nonlinearity::Tanh => 5.0 / 3.0,
        Nonlinearity::Relu => std::f64::consts::SQRT_2,
        Nonlinearity::LeakyRelu => {
            let a = parameter.unwrap_or(0.01);
            (2.0 / (1.0 + a * a)).sqrt()
        }
        Nonlinearity::Selu => 0.75,
        Nonlinearity::Gelu => of(|x| x * crate::math::cumulative(x)),
        Nonlinearity::Silu => of(|x| x / (1.0 + libm::exp(-x))),
        Nonlinearity::Mish => of(|x| x * libm::tanh(libm::log1p(libm::exp(-x.abs())) + x.max(0.0))),
        Nonlinearity::Elu => of(|x| if x > 0.0 { x } else { libm::expm1(x) }),
        Nonlinearity::Softplus => of(softplus),
        Nonlinearity::Linear
        | Nonlinearity::Conv1d
        | Nonlinearity::Conv2d
        | Nonlinearity::Conv3d
        | Nonlinearity::ConvTranspose1d
        | Nonlinearity::ConvTranspose2d
        | Nonlinearity::ConvTranspose3d
        | Nonlinearity::Sigmoid => 1.0,
    })
}
