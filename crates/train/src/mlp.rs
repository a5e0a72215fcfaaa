//! The multilayer perceptron.

use burn::module::{Module, ModuleMapper, Param};
use burn::nn::loss::{CrossEntropyLossConfig, MseLoss, Reduction};
use burn::nn::{
    BatchNorm, BatchNormConfig, Dropout, DropoutConfig, LayerNorm, LayerNormConfig, Linear, LinearConfig,
};
use burn::tensor::{DType, Device, Int, Tensor, activation};
use serde::{Deserialize, Serialize};
use thalweg_init::schemes::Kaiming;
use thalweg_init::{Nonlinearity, Plan};

use crate::error::{Error, Result};
use crate::metrics::{Metrics, accuracy};

/// What follows a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// `max(x, 0)`.
    #[default]
    Relu,
    /// `x` where it is positive and `0.01·x` else.
    LeakyRelu,
    /// `x·Φ(x)` with the normal distribution function `Φ`.
    Gelu,
    /// `x·σ(x)` with the logistic function `σ`, also known as swish.
    Silu,
    /// `tanh(x)`.
    Tanh,
    /// `σ(x) = 1 / (1 + e⁻ˣ)`.
    Sigmoid,
    /// `x` itself: the network is linear.
    Identity,
}

impl Activation {
    /// Applies it to every element.
    pub fn forward<const D: usize>(self, x: Tensor<D>) -> Tensor<D> {
        match self {
            Activation::Relu => activation::relu(x),
            Activation::LeakyRelu => activation::leaky_relu(x, 0.01),
            Activation::Gelu => activation::gelu(x),
            Activation::Silu => activation::silu(x),
            Activation::Tanh => activation::tanh(x),
            Activation::Sigmoid => activation::sigmoid(x),
            Activation::Identity => x,
        }
    }

    /// What keeps the variance of activations from layer to layer.
    fn plan(self) -> Plan {
        let kaiming = Kaiming::normal();
        Plan::all(match self {
            Activation::Relu => kaiming.relu(),
            Activation::LeakyRelu => kaiming.leaky_relu(0.01),
            Activation::Gelu => kaiming.nonlinearity(Nonlinearity::Gelu),
            Activation::Silu => kaiming.nonlinearity(Nonlinearity::Silu),
            Activation::Tanh => kaiming.nonlinearity(Nonlinearity::Tanh),
            Activation::Sigmoid => kaiming.nonlinearity(Nonlinearity::Sigmoid),
            Activation::Identity => kaiming.nonlinearity(Nonlinearity::Linear),
        })
    }
}

/// What normalizes a hidden layer before its activation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Norm {
    /// Nothing.
    #[default]
    None,
    /// Each unit over the batch, by running statistics in inference (Ioffe and Szegedy, 2015). The layer before has no
    /// bias, which would be taken out again.
    Batch,
    /// Each example over the units (Ba, Kiros and Hinton, 2016).
    Layer,
}

/// The element type of parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Precision {
    /// Single precision.
    #[default]
    #[serde(rename = "f32")]
    F32,
    /// Double precision.
    #[serde(rename = "f64")]
    F64,
}

/// What an [`Mlp`] is like. All but the layer sizes has a default.
///
/// ```
/// use burn::tensor::Device;
/// use thalweg_train::mlp::{Activation, MlpConfig, Norm};
///
/// let config = MlpConfig { activation: Activation::Gelu, norm: Norm::Layer, ..MlpConfig::new([784, 128, 10]) };
/// let model = config.init(1, &Device::flex())?;
/// assert_eq!(model.layers.len(), 2);
/// let text = r#"{"layer_sizes": [2, 8, 2], "dropout": 0.1, "initialization": "_ => xavier_uniform; *.bias => zeros"}"#;
/// let read: MlpConfig = serde_json::from_str(text).unwrap();
/// assert_eq!(read.activation, Activation::Relu);
/// # Ok::<(), thalweg_train::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MlpConfig {
    /// The numbers of inputs, of the units of each hidden layer, and of outputs.
    pub layer_sizes: Vec<usize>,
    /// What follows each hidden layer; relu by default.
    #[serde(default)]
    pub activation: Activation,
    /// What normalizes each hidden layer before its activation; nothing by default.
    #[serde(default)]
    pub norm: Norm,
    /// The share of hidden units that training leaves out at random, behind the activation; 0 by default.
    #[serde(default)]
    pub dropout: f64,
    /// The element type of the parameters; f32 by default.
    #[serde(default)]
    pub precision: Precision,
    /// Which scheme each parameter starts by, for instance `"_ => xavier_uniform"` as text; by default He's normal one
    /// with the activation's gain for all weights, and zeros for biases.
    #[serde(default)]
    pub initialization: Option<Plan>,
}

impl MlpConfig {
    /// A perceptron of these sizes, with defaults for all else.
    pub fn new(sizes: impl Into<Vec<usize>>) -> Self {
        MlpConfig {
            layer_sizes: sizes.into(),
            activation: Activation::default(),
            norm: Norm::default(),
            dropout: 0.0,
            precision: Precision::default(),
            initialization: None,
        }
    }

    /// That the settings make a network.
    ///
    /// # Errors
    /// [`Error::Setting`] that names the first setting out of its range.
    pub fn check(&self) -> Result<()> {
        let MlpConfig { layer_sizes: sizes, dropout, .. } = self;
        if sizes.len() < 2 || sizes.contains(&0) {
            return Err(Error::Setting(format!(
                "A perceptron of the sizes {sizes:?} cannot be made; give at least the numbers of inputs and outputs in \
                 `layer_sizes`, all above 0."
            )));
        }
        if !(0.0..1.0).contains(dropout) {
            return Err(Error::Setting(format!(
                "A share of {dropout} of the units cannot be left out; set `dropout` from 0 to below 1."
            )));
        }
        Ok(())
    }

    /// A network with parameters by `seed`, the same ones on every device.
    ///
    /// # Errors
    /// As [`MlpConfig::check`], and [`Error::Initializer`] where the plan does not fit the network.
    pub fn init(&self, seed: u64, device: &Device) -> Result<Mlp> {
        self.check()?;
        let last = self.layer_sizes.len() - 2;
        let hidden = &self.layer_sizes[1..=last];
        let linear = |(k, w): (usize, &[usize])| {
            let bias = self.norm != Norm::Batch || k == last;
            LinearConfig::new(w[0], w[1]).with_bias(bias).init(device)
        };
        let model = Mlp {
            layers: self.layer_sizes.windows(2).enumerate().map(linear).collect(),
            batch_norms: match self.norm {
                Norm::Batch => hidden.iter().map(|n| BatchNormConfig::new(*n).init(device)).collect(),
                _ => vec![],
            },
            layer_norms: match self.norm {
                Norm::Layer => hidden.iter().map(|n| LayerNormConfig::new(*n).init(device)).collect(),
                _ => vec![],
            },
            dropout: DropoutConfig::new(self.dropout).init(),
            activation: self.activation,
        };
        let dtype = match self.precision {
            Precision::F32 => DType::F32,
            Precision::F64 => DType::F64,
        };
        let plan = self.initialization.clone().unwrap_or_else(|| self.activation.plan());
        Ok(plan.apply(&model.map(&mut Cast(dtype)), seed)?)
    }
}

/// Layers of `x·W + b`, with a norm, an activation and dropout behind all but the last. Made by
/// [`MlpConfig::init`].
#[derive(Module, Debug)]
pub struct Mlp {
    /// The layers in order; weights are `[inputs, outputs]`.
    pub layers: Vec<Linear>,
    /// A norm for each hidden layer where it is [`Norm::Batch`].
    pub batch_norms: Vec<BatchNorm>,
    /// A norm for each hidden layer where it is [`Norm::Layer`].
    pub layer_norms: Vec<LayerNorm>,
    /// What leaves units out in training.
    pub dropout: Dropout,
    /// What follows each hidden layer.
    #[module(skip)]
    pub activation: Activation,
}

impl Mlp {
    /// The outputs `[rows, outputs]` for the inputs `[rows, inputs]`.
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let last = self.layers.len() - 1;
        let mut x = x;
        for (k, layer) in self.layers.iter().enumerate() {
            x = layer.forward(x);
            if k == last {
                break;
            }
            if let Some(norm) = self.batch_norms.get(k) {
                x = norm.forward(x);
            }
            if let Some(norm) = self.layer_norms.get(k) {
                x = norm.forward(x);
            }
            x = self.dropout.forward(self.activation.forward(x));
        }
        x
    }

    /// The cross entropy of the outputs, taken as logits, to labels, and the `accuracy`: a loss for
    /// [`Trainer::new`](crate::Trainer::new) on a [`Dataset`](crate::data::Dataset) of labels.
    pub fn cross_entropy(&self, (x, labels): &(Tensor<2>, Tensor<1, Int>)) -> (Tensor<1>, Metrics) {
        let logits = self.forward(x.clone());
        let metrics = Metrics::new().with("accuracy", accuracy(&logits, labels));
        let loss = CrossEntropyLossConfig::new().init(&logits.device());
        (loss.forward(logits, labels.clone()), metrics)
    }

    /// The mean square of the outputs' distances to targets: a loss for [`Trainer::new`](crate::Trainer::new) on a
    /// [`Dataset`](crate::data::Dataset) of numbers.
    pub fn mse(&self, (x, targets): &(Tensor<2>, Tensor<2>)) -> Tensor<1> {
        MseLoss::new().forward(self.forward(x.clone()), targets.clone(), Reduction::Mean)
    }
}

/// Gives all floats another element type, since Burn's layers are made in the device's default.
struct Cast(DType);

impl ModuleMapper for Cast {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, tensor, mapper) = param.consume();
        Param::from_mapped_value(id, tensor.cast(self.0), mapper)
    }
}
