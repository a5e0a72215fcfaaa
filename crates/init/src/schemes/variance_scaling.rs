use crate::place::Fans;
use crate::scheme::scheme;
use crate::setting::words;
use crate::{Law, Place, Result};

words! {
    /// Which fan the variance is divided by.
    pub enum Mode {
        /// Keeps the variance of what goes forward.
        FanIn = "fan_in",
        /// Keeps the variance of gradients that go back.
        FanOut = "fan_out",
        /// Their arithmetic mean.
        FanAvg = "fan_avg",
        /// Their geometric mean.
        FanGeoAvg = "fan_geo_avg",
    }
}

impl Mode {
    /// The fan, or mean of fans.
    pub fn of(self, fans: Fans) -> f64 {
        match self {
            Mode::FanIn => fans.input,
            Mode::FanOut => fans.output,
            Mode::FanAvg => (fans.input + fans.output) / 2.0,
            Mode::FanGeoAvg => (fans.input * fans.output).sqrt(),
        }
    }
}

words! {
    /// What values are drawn from, at a given standard deviation.
    pub enum Distribution {
        /// Uniform around zero.
        Uniform = "uniform",
        /// Normal around zero.
        Normal = "normal",
        /// Normal around zero, cut at two deviations and widened to make up for it.
        TruncatedNormal = "truncated_normal",
    }
}

impl Distribution {
    /// The law of this standard deviation.
    pub fn law(self, std: f64) -> Law {
        match self {
            Distribution::Uniform => Law::symmetric(3f64.sqrt() * std),
            Distribution::Normal => Law::normal(std),
            Distribution::TruncatedNormal => Law::cut_normal(std),
        }
    }
}

scheme! {
    /// Variance `scale/n`, where `n` is a fan or a mean of both.
    ///
    /// LeCun, Glorot and He are all of this family. Reference: `jax.nn.initializers.variance_scaling`, which has the
    /// geometric mean as well, and Keras's `VarianceScaling`.
    pub struct VarianceScaling = "variance_scaling" {
        /// What the variance is divided from.
        scale: f64 = 1.0, in Positive;
        /// Which fan.
        mode: Mode = Mode::FanIn, in Any;
        /// What values are drawn from.
        distribution: Distribution = Distribution::TruncatedNormal, in Any;
    }

    fn law(&self, place: &Place) -> Result<Law> {
        let fan = self.mode.of(place.fans("variance_scaling")?);
        Ok(self.distribution.law((self.scale / fan).sqrt()))
    }
}

scheme! {
    /// LeCun's: variance `1/fan_in`, uniform within `±√(3/fan_in)`.
    ///
    /// LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998. Reference: `jax.nn.initializers.lecun_uniform`.
    pub struct LecunUniform = "lecun_uniform" {}

    fn law(&self, place: &Place) -> Result<Law> {
        Ok(Distribution::Uniform.law((1.0 / place.fans("lecun_uniform")?.input).sqrt()))
    }
}

scheme! {
    /// LeCun's: variance `1/fan_in`, normal cut at two deviations.
    ///
    /// LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998; what self-normalizing networks start from. Reference:
    /// `jax.nn.initializers.lecun_normal`, the default of Flax's layers.
    pub struct LecunNormal = "lecun_normal" {}

    fn law(&self, place: &Place) -> Result<Law> {
        Ok(Distribution::TruncatedNormal.law((1.0 / place.fans("lecun_normal")?.input).sqrt()))
    }
}
