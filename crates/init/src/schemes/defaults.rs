use crate::error::Error;
use crate::place::{Kind, Layer};
use crate::scheme::scheme;
use crate::{Draws, Law, Place, Result, Values};

/// What PyTorch calls the fan in of a layer: of a transposed convolution it is the side of the outputs.
fn torch_fan(place: &Place) -> Option<f64> {
    let weight = place.layer_weight();
    let fans = weight.axes?.fans(&weight.shape)?;
    Some(if weight.layer == Layer::ConvTranspose { fans.output } else { fans.input })
}

fn without_weight(place: &Place, scheme: &str) -> Error {
    Error::Fan(format!(
        "`{scheme}` draws {place} by the fan in of its layer's weight, but it has no such layer; give it `zeros` or \
         `constant`."
    ))
}

scheme! {
    /// What PyTorch's layers do by default, layer by layer.
    ///
    /// Weights and biases of linear layers and convolutions are uniform within `±1/√fan_in`, the weight's (PyTorch writes it
    /// as Kaiming with `a = √5`; for a transposed convolution its fan in counts outputs); those of recurrent layers within
    /// `±1/√hidden`; embeddings are standard normal; normalizations 1 and 0. In attention, queries, keys and values are
    /// Xavier uniform over the three together, and all biases 0.
    pub struct TorchDefault = "torch_default" {}

    fn law(&self, place: &Place) -> Result<Law> {
        let fan = || torch_fan(place).ok_or_else(|| without_weight(place, "torch_default"));
        let in_attention = place.is_inside("MultiHeadAttention");
        Ok(match place.kind {
            Kind::Embedding => Law::normal(1.0),
            Kind::NormScale => Law::Constant(1.0),
            Kind::Bias if place.layer == Layer::Norm || in_attention => Law::Constant(0.0),
            Kind::Weight | Kind::Bias if place.is_inside("GateController") => {
                let hidden = place.layer_weight().fans("torch_default")?.output;
                Law::symmetric(1.0 / hidden.sqrt())
            }
            Kind::Weight if in_attention && !place.path.ends_with("output.weight") => {
                let fans = place.fans("torch_default")?;
                Law::symmetric((6.0 / (fans.input + 3.0 * fans.output)).sqrt())
            }
            Kind::Weight | Kind::Bias => Law::symmetric(1.0 / fan()?.sqrt()),
            Kind::Other => return Err(without_weight(place, "torch_default")),
        })
    }
}

scheme! {
    /// What Burn's layers do by default, layer by layer.
    ///
    /// As [`TorchDefault`], except that recurrent layers are Xavier normal, biases included, and attention is like any linear
    /// layer. Burn's biases are not zero. Reference: burn-nn 0.22.1.
    pub struct BurnDefault = "burn_default" {}

    fn law(&self, place: &Place) -> Result<Law> {
        match place.kind {
            Kind::Weight | Kind::Bias if place.is_inside("GateController") => {
                let fans = place.layer_weight().fans("burn_default")?;
                Ok(Law::normal((2.0 / (fans.input + fans.output)).sqrt()))
            }
            Kind::Weight | Kind::Bias if place.layer != Layer::Norm => {
                let fan = torch_fan(place).ok_or_else(|| without_weight(place, "burn_default"))?;
                Ok(Law::symmetric(1.0 / fan.sqrt()))
            }
            _ => TorchDefault.law(place),
        }
    }
}

scheme! {
    /// What Keras's layers do by default, layer by layer.
    ///
    /// Weights are Xavier uniform, hidden matrices of recurrent layers orthogonal, embeddings uniform within ±0.05, biases 0
    /// except for 1 at an LSTM's forget gate, normalizations 1 and 0.
    pub struct KerasDefault = "keras_default" {}

    fn law(&self, place: &Place) -> Result<Law> {
        Ok(match place.kind {
            Kind::Embedding => Law::symmetric(0.05),
            Kind::NormScale => Law::Constant(1.0),
            Kind::Bias if place.path.ends_with("forget_gate.input_transform.bias") => Law::Constant(1.0),
            Kind::Bias | Kind::Other => Law::Constant(0.0),
            Kind::Weight if is_recurrent(place) => super::Orthogonal::default().law(place)?,
            Kind::Weight => super::XavierUniform::default().law(place)?,
        })
    }

    fn fill(&self, place: &Place, draws: &Draws) -> Result<Values> {
        match place.kind == Kind::Weight && is_recurrent(place) {
            true => super::Orthogonal::default().fill(place, draws),
            false => Ok(Values::Of(self.law(place)?)),
        }
    }
}

fn is_recurrent(place: &Place) -> bool {
    place.is_inside("GateController") && place.path.ends_with("hidden_transform.weight")
}
