use crate::error::Error;
use crate::scheme::scheme;
use crate::setting::words;
use crate::{Law, Place, Result};

scheme! {
    /// The projections of GPT-2 that add to the residual stream: normal, `std/√(2·blocks)`.
    ///
    /// Each of the blocks adds twice, so that the stream's variance at the end does not depend on their number. All other
    /// weights of GPT-2 are `normal(std=0.02)`. Radford et al., "Language models are unsupervised multitask learners",
    /// 2019.
    pub struct Gpt2Residual = "gpt2_residual" {
        /// The number of blocks.
        blocks: usize, in AtLeastOne;
        /// The standard deviation of the other weights.
        std: f64 = 0.02, in NonNegative;
    }

    fn law(&self, _: &Place) -> Result<Law> {
        Ok(Law::normal(self.std / (2.0 * self.blocks as f64).sqrt()))
    }
}

scheme! {
    /// Small init: normal, `std = √(2/(5·width))`.
    ///
    /// Xavier's for the widest layer, from `width` to `4·width`, used for all of a transformer. Nguyen and Salazar,
    /// "Transformers without tears", 2019.
    pub struct SmallInit = "small_init" {
        /// The width of the residual stream.
        width: usize, in AtLeastOne;
    }

    fn law(&self, _: &Place) -> Result<Law> {
        Ok(Law::normal((2.0 / (5.0 * self.width as f64)).sqrt()))
    }
}

scheme! {
    /// Output projections of GPT-J and GPT-NeoX: normal, `std = 2/(layers·√width)`.
    ///
    /// Wang and Komatsuzaki, "GPT-J-6B", 2021.
    pub struct WangInit = "wang_init" {
        /// The number of layers.
        layers: usize, in AtLeastOne;
        /// The width of the residual stream.
        width: usize, in AtLeastOne;
    }

    fn law(&self, _: &Place) -> Result<Law> {
        Ok(Law::normal(2.0 / (self.layers as f64 * (self.width as f64).sqrt())))
    }
}

words! {
    /// Which stack of a transformer a layer belongs to.
    pub enum Stack {
        /// The only one: encoder-only and decoder-only models.
        Alone = "alone",
        /// The encoder of two.
        Encoder = "encoder",
        /// The decoder of two.
        Decoder = "decoder",
    }
}

scheme! {
    /// DeepNorm: Xavier normal with gain β, for feed-forward, value and output projections.
    ///
    /// Queries and keys are `xavier_normal`. The residual connection is `LayerNorm(α·x + f(x))` with
    /// [`alpha`](Self::alpha). For `L` layers alone, `α = (2L)^¼` and `β = (8L)^(−¼)`; for an encoder of `N` with a decoder
    /// of `M`, `α = 0.81·(N⁴M)^(1/16)` and `β = 0.87·(N⁴M)^(−1/16)`; for the decoder, `α = (3M)^¼` and `β = (12M)^(−¼)`.
    /// Wang et al., "DeepNet: scaling transformers to 1,000 layers", 2022.
    pub struct DeepNorm = "deepnorm" {
        /// The layers of the stack that the weight belongs to.
        layers: usize, in AtLeastOne;
        /// Which stack that is.
        stack: Stack = Stack::Alone, in Any;
        /// For an encoder, the layers of the decoder.
        decoder_layers: usize = 0, in Any;
    }

    fn law(&self, place: &Place) -> Result<Law> {
        if self.stack == Stack::Encoder && self.decoder_layers == 0 {
            return Err(Error::Setting(
                "`deepnorm` of an encoder needs `decoder_layers`, the layers of its decoder; for a model without one give \
                 `stack=alone`."
                    .into(),
            ));
        }
        let fans = place.fans("deepnorm")?;
        Ok(Law::normal(self.beta() * (2.0 / (fans.input + fans.output)).sqrt()))
    }
}

impl DeepNorm {
    fn both(&self) -> f64 {
        libm::pow(self.layers as f64, 4.0) * self.decoder_layers as f64
    }

    /// What the residual stream is multiplied by before a layer's output is added.
    pub fn alpha(&self) -> f64 {
        let layers = self.layers as f64;
        match self.stack {
            Stack::Alone => libm::pow(2.0 * layers, 0.25),
            Stack::Encoder => 0.81 * libm::pow(self.both(), 0.0625),
            Stack::Decoder => libm::pow(3.0 * layers, 0.25),
        }
    }

    /// The gain of the weights.
    pub fn beta(&self) -> f64 {
        let layers = self.layers as f64;
        match self.stack {
            Stack::Alone => libm::pow(8.0 * layers, -0.25),
            Stack::Encoder => 0.87 * libm::pow(self.both(), -0.0625),
            Stack::Decoder => libm::pow(12.0 * layers, -0.25),
        }
    }
}
