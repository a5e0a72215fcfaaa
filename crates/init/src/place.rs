//! Where a scheme fills: a parameter with its shape, its kind, and what its layer sums over.

use std::fmt;

use crate::error::{Error, Result};
use crate::setting::words;

words! {
    /// What a parameter is to its layer.
    pub enum Kind {
        /// A matrix or kernel that inputs are multiplied by.
        Weight = "weight",
        /// What is added to a layer's output, the shift of a normalization included.
        Bias = "bias",
        /// What a normalization multiplies by.
        NormScale = "norm_scale",
        /// A table of which rows are looked up.
        Embedding = "embedding",
        /// A vector of another meaning, for instance the slope of a parametric relu.
        Other = "other",
    }
}

/// How a layer uses its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// A product with a matrix. Burn's `Linear` is `[in, out]` in both its layouts; what differs is the order in memory.
    Linear,
    /// A convolution, `[out, in/groups, k…]`.
    Conv,
    /// A transposed convolution, `[in, out/groups, k…]`.
    ConvTranspose,
    /// A table, `[rows, features]`.
    Embedding,
    /// A normalization over features.
    Norm,
    /// None of these.
    Other,
}

/// What cannot be read from a convolution's weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometry {
    /// In how many groups channels are split.
    pub groups: usize,
    /// The product of the strides along all axes.
    pub strides: usize,
}

impl Default for Geometry {
    fn default() -> Self {
        Geometry { groups: 1, strides: 1 }
    }
}

/// Over how many terms a layer sums: forward for each output, and backward for each input.
///
/// If inputs are independent with mean square `q` and weights with variance `v` and mean zero, an output has variance
/// `fan_in·v·q`; a gradient that comes back likewise `fan_out·v` times what came.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fans {
    /// Terms of an output.
    pub input: f64,
    /// Terms of the gradient for an input.
    pub output: f64,
}

/// Which axis of a weight counts inputs and which outputs; the others belong to the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axes {
    /// The axis of inputs.
    pub input: usize,
    /// The axis of outputs.
    pub output: usize,
}

impl Axes {
    /// PyTorch's, and Burn's for convolutions: `[out, in, k…]`.
    pub const TORCH: Axes = Axes { input: 1, output: 0 };

    /// Burn's for linear layers and transposed convolutions: `[in, out, k…]`.
    pub const BURN: Axes = Axes { input: 0, output: 1 };

    /// JAX's and Keras's: `[k…, in, out]`.
    pub fn jax(rank: usize) -> Axes {
        Axes { input: rank.saturating_sub(2), output: rank.saturating_sub(1) }
    }

    /// The fans of a weight of this shape without groups and strides; nothing for fewer than two axes.
    pub fn fans(self, shape: &[usize]) -> Option<Fans> {
        let (input, output) = (*shape.get(self.input)?, *shape.get(self.output)?);
        let kernel = self.kernel(shape) as f64;
        (self.input != self.output)
            .then_some(Fans { input: input as f64 * kernel, output: output as f64 * kernel })
    }

    /// The number of taps of the kernel.
    pub fn kernel(self, shape: &[usize]) -> usize {
        let taps = shape.iter().enumerate().filter(|(axis, _)| *axis != self.input && *axis != self.output);
        taps.map(|(_, n)| n).product()
    }
}

/// A parameter that a scheme fills.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its path in the module, for instance `layers.0.weight`.
    pub path: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// What it is to its layer.
    pub kind: Kind,
    /// What its layer is.
    pub layer: Layer,
    /// The types that hold it, outermost first, for instance `Lstm`, `GateController`, `Linear`.
    pub owners: Vec<String>,
    /// Its axes of inputs and outputs, if it has them.
    pub axes: Option<Axes>,
    /// Its fans, if it has them.
    pub fans: Option<Fans>,
    /// For what else belongs to a layer: the layer's weight.
    pub weight: Option<Box<Place>>,
}

impl Place {
    /// A weight of a shape on its own, with its axes: fans are [`Axes::fans`].
    ///
    /// ```
    /// use thalweg_init::{Axes, Place};
    /// let place = Place::new(&[8, 4, 3, 3], Axes::TORCH);
    /// assert_eq!(place.fans.unwrap().input, 36.0);
    /// assert_eq!(place.fans.unwrap().output, 72.0);
    /// ```
    pub fn new(shape: &[usize], axes: Axes) -> Self {
        let fans = axes.fans(shape);
        Place {
            path: "weight".into(),
            shape: shape.to_vec(),
            kind: if fans.is_some() { Kind::Weight } else { Kind::Other },
            layer: if fans.is_some() { Layer::Linear } else { Layer::Other },
            owners: vec![],
            axes: fans.map(|_| axes),
            fans,
            weight: None,
        }
    }

    /// A parameter of a Burn module, from where it stands there.
    pub(crate) fn in_module(path: String, shape: Vec<usize>, owners: Vec<String>) -> Self {
        let owner = owners.last().map_or("", String::as_str);
        let name = path.rsplit('.').next().unwrap_or_default();
        let layer = match owner {
            "Linear" => Layer::Linear,
            "Embedding" => Layer::Embedding,
            _ if owner.starts_with("ConvTranspose") => Layer::ConvTranspose,
            _ if owner.starts_with("Conv") || owner.starts_with("DeformConv") => Layer::Conv,
            _ if owner.ends_with("Norm") => Layer::Norm,
            _ => Layer::Other,
        };
        let kind = match (layer, name, shape.len()) {
            (Layer::Norm, "gamma", _) => Kind::NormScale,
            (Layer::Norm, "beta", _) => Kind::Bias,
            (Layer::Embedding, ..) => Kind::Embedding,
            (_, _, 0 | 1) => {
                if name.contains("bias") {
                    Kind::Bias
                } else {
                    Kind::Other
                }
            }
            _ => Kind::Weight,
        };
        let axes = match (kind, layer, shape.len()) {
            (Kind::Embedding, ..) | (Kind::Weight, Layer::Linear | Layer::ConvTranspose | Layer::Other, 2) => {
                Some(Axes::BURN)
            }
            (Kind::Weight, Layer::ConvTranspose, _) => Some(Axes::BURN),
            (Kind::Weight, ..) => Some(Axes::TORCH),
            _ => None,
        };
        let mut place = Place { path, shape, kind, layer, owners, axes, fans: None, weight: None };
        place.set_geometry(Geometry::default());
        place
    }

    /// Works out the fans for what the weight does not tell of its convolution.
    ///
    /// A convolution's output sums `in/groups·∏k` terms, and the gradient of an input `out/groups·∏k/∏stride` on average;
    /// a transposed convolution is the other way round. A row of a table is looked up, not summed: its fan in is 1.
    pub(crate) fn set_geometry(&mut self, geometry: Geometry) {
        let fans = self.axes.and_then(|axes| axes.fans(&self.shape));
        let (groups, strides) = (geometry.groups as f64, geometry.strides as f64);
        self.fans = match self.layer {
            Layer::Embedding => fans.map(|fans| Fans { input: 1.0, output: fans.output }),
            Layer::Conv => fans.map(|f| Fans { input: f.input, output: f.output / (groups * strides) }),
            Layer::ConvTranspose => {
                fans.map(|f| Fans { input: f.input / (groups * strides), output: f.output })
            }
            _ => fans,
        };
    }

    /// The number of values.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether it holds no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its fans.
    ///
    /// # Errors
    /// [`Error::Fan`] if it has none, as a bias or any vector.
    pub fn fans(&self, scheme: &str) -> Result<Fans> {
        self.fans.ok_or_else(|| {
            Error::Fan(format!(
                "`{scheme}` needs a fan in and a fan out, which {self} does not have; give it `zeros`, `constant` or \
                 another scheme without fans, or keep the rule from it."
            ))
        })
    }

    /// Its axes of inputs and outputs.
    ///
    /// # Errors
    /// [`Error::Shape`] if it has fewer than two axes.
    pub fn axes(&self, scheme: &str) -> Result<Axes> {
        self.axes.filter(|_| self.shape.len() >= 2).ok_or_else(|| {
            Error::Shape(format!(
                "`{scheme}` needs a matrix or a kernel, but {self} has fewer than two axes; give it `zeros` or another \
                 scheme for vectors."
            ))
        })
    }

    /// Where in row-major order the entry for an input and an output lies, at one tap of the kernel: for an axis of `k` taps
    /// at `tap(k)`.
    pub(crate) fn entry(&self, axes: Axes, input: usize, output: usize, tap: impl Fn(usize) -> usize) -> usize {
        let each = self.shape.iter().enumerate();
        each.fold(0, |at, (axis, n)| {
            let index = match axis {
                axis if axis == axes.input => input,
                axis if axis == axes.output => output,
                _ => tap(*n),
            };
            at * n + index
        })
    }

    /// The place that its layer's fans are of: itself, or for a bias its layer's weight.
    pub(crate) fn layer_weight(&self) -> &Place {
        self.weight.as_deref().unwrap_or(self)
    }

    /// Whether one of the types that hold it has this name.
    pub(crate) fn is_inside(&self, owner: &str) -> bool {
        self.owners.iter().any(|name| name == owner)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` of shape {:?}", self.path, self.shape)
    }
}
