use burn::tensor::{DispatchTensor, Tensor};
use thalweg_autodiff::{Error, Result, Tree, TreeDef};

/// Numbers that are reported beside the loss, by name; each is a tensor of one element.
///
/// ```
/// use burn::tensor::{Device, Int, Tensor};
/// use thalweg_train::metrics::{Metrics, accuracy};
///
/// let logits = Tensor::<2>::from_floats([[2.0, 1.0], [0.0, 3.0]], &Device::flex());
/// let labels = Tensor::<1, Int>::from_ints([0, 0], &Device::flex());
/// let metrics = Metrics::new().with("accuracy", accuracy(&logits, &labels));
/// # let _ = metrics;
/// ```
#[derive(Clone, Debug, Default)]
pub struct Metrics(Vec<(String, Tensor<1>)>);

impl Metrics {
    /// No number yet.
    pub fn new() -> Self {
        Metrics::default()
    }

    /// One more number.
    pub fn with(mut self, name: impl Into<String>, value: Tensor<1>) -> Self {
        self.0.push((name.into(), value));
        self
    }

    pub(crate) fn into_entries(self) -> Vec<(String, Tensor<1>)> {
        self.0
    }
}

impl Tree for Metrics {
    fn flatten(&self, leaves: &mut Vec<DispatchTensor>) -> TreeDef {
        TreeDef::Fields(self.0.iter().map(|(name, value)| (name.clone(), value.flatten(leaves))).collect())
    }

    fn unflatten(structure: &TreeDef, leaves: &mut dyn Iterator<Item = DispatchTensor>) -> Result<Self> {
        let TreeDef::Fields(fields) = structure else {
            return Err(Error::Argument("A value without names stands where `Metrics` are expected.".into()));
        };
        let value = |(name, part): &(String, TreeDef)| Ok((name.clone(), Tree::unflatten(part, leaves)?));
        Ok(Metrics(fields.iter().map(value).collect::<Result<_>>()?))
    }
}

/// What a loss function may return: the loss, a tensor of one float, or the loss and [`Metrics`].
pub trait LossOutput: Tree {
    /// The loss and the metrics, if there are any.
    fn split(self) -> (Tensor<1>, Metrics);
}

impl LossOutput for Tensor<1> {
    fn split(self) -> (Tensor<1>, Metrics) {
        (self, Metrics::new())
    }
}

impl LossOutput for (Tensor<1>, Metrics) {
    fn split(self) -> (Tensor<1>, Metrics) {
        self
    }
}
