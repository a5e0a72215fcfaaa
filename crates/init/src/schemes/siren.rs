use crate::scheme::scheme;
use crate::{Law, Place, Result};

scheme! {
    /// A sine layer after the first: uniform within `±√(6/fan_in)/ω₀`.
    ///
    /// With activations `sin(ω₀·(W·x + b))` the arguments stay standard normal through all layers. Sitzmann et al.,
    /// "Implicit neural representations with periodic activation functions", 2020.
    pub struct Siren = "siren" {
        /// The frequency ω₀ that the layer's output is multiplied by inside of the sine.
        omega: f64 = 30.0, in Positive;
    }

    fn law(&self, place: &Place) -> Result<Law> {
        Ok(Law::symmetric((6.0 / place.fans("siren")?.input).sqrt() / self.omega))
    }
}

scheme! {
    /// The first sine layer: uniform within `±1/fan_in`, so that ω₀ sets the frequencies.
    ///
    /// Sitzmann et al., "Implicit neural representations with periodic activation functions", 2020.
    pub struct SirenFirst = "siren_first" {}

    fn law(&self, place: &Place) -> Result<Law> {
        Ok(Law::symmetric(1.0 / place.fans("siren_first")?.input))
    }
}
