use super::transformer::Stack;
use crate::place::Kind;
use crate::scheme::scheme;
use crate::{Law, Place, Result};

scheme! {
    /// Fixup, inside of residual branches: He's normal times `branches^(−1/(2m − 2))`.
    ///
    /// The last layer of each branch and the classifier are `zeros`, scalar biases 0, and one scalar multiplier per branch
    /// is 1; then deep residual networks train without normalization. Zhang, Dauphin and Ma, "Fixup initialization", 2019.
    pub struct Fixup = "fixup" {
        /// The number of residual branches.
        branches: usize, in AtLeastOne;
        /// The layers of each branch, `m`.
        layers: usize = 2, in AtLeastTwo;
    }

    fn law(&self, place: &Place) -> Result<Law> {
        Ok(Law::normal(self.scale() * (2.0 / place.fans("fixup")?.input).sqrt()))
    }
}

impl Fixup {
    /// What He's standard deviation is multiplied by.
    pub fn scale(&self) -> f64 {
        libm::pow(self.branches as f64, -1.0 / (2.0 * self.layers as f64 - 2.0))
    }
}

scheme! {
    /// T-Fixup: transformers without layer normalization and warm-up.
    ///
    /// For value, output and feed-forward weights, Xavier uniform times `(9N)^(−¼)` in a decoder of `N` layers and
    /// `0.67·N^(−¼)` in an encoder; for embeddings, normal with `std = features^(−½)` times the same. Queries and keys are
    /// `xavier_uniform`. Huang, Pérez, Ba and Volkovs, "Improving transformer optimization through better
    /// initialization", 2020.
    pub struct TFixup = "t_fixup" {
        /// The layers of the stack, `N`.
        layers: usize, in AtLeastOne;
        /// Which stack; one alone is scaled as a decoder.
        stack: Stack = Stack::Alone, in Any;
    }

    fn law(&self, place: &Place) -> Result<Law> {
        let fans = place.fans("t_fixup")?;
        Ok(match place.kind {
            Kind::Embedding => Law::normal(self.scale() / fans.output.sqrt()),
            _ => Law::symmetric(self.scale() * (6.0 / (fans.input + fans.output)).sqrt()),
        })
    }
}

impl TFixup {
    /// What weights are multiplied by.
    pub fn scale(&self) -> f64 {
        let layers = self.layers as f64;
        match self.stack {
            Stack::Encoder => 0.67 * libm::pow(layers, -0.25),
            Stack::Alone | Stack::Decoder => libm::pow(9.0 * layers, -0.25),
        }
    }
}

scheme! {
    /// The scalar that multiplies a residual branch: 0, so that the network begins as the identity.
    ///
    /// Bachlechner et al., "ReZero is all you need", 2020; De and Smith's SkipInit, "Batch normalization biases residual
    /// blocks towards the identity function in deep networks", 2020, has the same scalar.
    pub struct ReZero = "rezero" {}

    fn law(&self, _: &Place) -> Result<Law> {
        Ok(Law::Constant(0.0))
    }
}
