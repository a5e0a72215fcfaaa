use burn::tensor::{Device, Int, Tensor, TensorData};
use thalweg_autodiff::Tree;

use super::matrix::Matrix;
use super::random::{Numbers, stream};
use crate::error::{Error, Result};

/// Where a training loop gets its batches from.
///
/// [`TensorDataset`] is one; implement the trait for data of your own, for instance text that is read as it is needed:
///
/// ```
/// use burn::tensor::{Device, Int, Tensor};
/// use thalweg_train::data::Dataset;
///
/// struct Squares;
///
/// impl Dataset for Squares {
///     type Batch = (Tensor<1, Int>, Tensor<1, Int>);
///
///     fn len(&self) -> usize {
///         100
///     }
///
///     fn batch(&self, rows: &[usize], device: &Device) -> Self::Batch {
///         let x: Vec<i32> = rows.iter().map(|k| *k as i32).collect();
///         let x = Tensor::from_ints(x.as_slice(), device);
///         (x.clone(), x.powi_scalar(2))
///     }
/// }
/// ```
pub trait Dataset {
    /// What a loss is computed from: tensors of any nesting.
    type Batch: Tree;

    /// How many examples there are.
    fn len(&self) -> usize;

    /// Whether there is no example.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The examples with these numbers, each below [`len`](Dataset::len), as a batch on `device`.
    fn batch(&self, rows: &[usize], device: &Device) -> Self::Batch;
}

/// What the examples of a [`Dataset`] are mapped to: [`Labels`] of classes, or [`Matrix`] of numbers.
pub trait Targets: Clone {
    /// The targets of a batch.
    type Tensor: Tree;

    /// How many examples there are.
    fn len(&self) -> usize;

    /// Whether there is no example.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The targets of the examples with these numbers, in this order.
    fn select(&self, rows: &[usize]) -> Self;

    /// The targets of the examples with these numbers as a tensor.
    fn tensor(&self, rows: &[usize], device: &Device) -> Self::Tensor;

    /// The same targets, of which tensors of numbers are made in double precision.
    fn to_f64(self) -> Self;
}

/// The class of each example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    values: Vec<u32>,
    names: Vec<String>,
}

impl Labels {
    /// Labels of classes that are named by their numbers.
    ///
    /// # Errors
    /// [`Error::Data`] for a label that is not below `classes`.
    pub fn new(values: Vec<u32>, classes: usize) -> Result<Self> {
        Labels::named(values, (0..classes).map(|k| k.to_string()).collect())
    }

    /// Labels of classes with these names.
    ///
    /// # Errors
    /// [`Error::Data`] for a label that no name belongs to.
    pub fn named(values: Vec<u32>, names: Vec<String>) -> Result<Self> {
        match values.iter().position(|label| *label as usize >= names.len()) {
            None => Ok(Labels { values, names }),
            Some(at) => Err(Error::Data(format!(
                "Example {at} has the label {}, but there are {} classes, counted from zero. Correct the label or \
                 give more classes.",
                values[at],
                names.len()
            ))),
        }
    }

    /// How many classes there are, used or not.
    pub fn classes(&self) -> usize {
        self.names.len()
    }

    /// The names of the classes.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The class of each example.
    pub fn values(&self) -> &[u32] {
        &self.values
    }
}

impl Targets for Labels {
    type Tensor = Tensor<1, Int>;

    fn len(&self) -> usize {
        self.values.len()
    }

    fn select(&self, rows: &[usize]) -> Self {
        let values = rows.iter().map(|k| self.values[*k]).collect();
        Labels { values, names: self.names.clone() }
    }

    /// The labels as a tensor of shape `[rows]`, in the device's own type of whole numbers.
    fn tensor(&self, rows: &[usize], device: &Device) -> Tensor<1, Int> {
        let values: Vec<i32> = rows.iter().map(|k| self.values[*k] as i32).collect();
        let n = values.len();
        Tensor::from_data(TensorData::new(values, [n]), device)
    }

    fn to_f64(self) -> Self {
        self
    }
}

/// Examples with their targets, in the memory of the host.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorDataset<T = Labels> {
    features: Matrix,
    targets: T,
}

impl<T: Targets> TensorDataset<T> {
    /// A set of examples, one in each row of `features`.
    ///
    /// # Errors
    /// [`Error::Data`] if there are not as many targets as examples.
    pub fn new(features: Matrix, targets: T) -> Result<Self> {
        match features.len() == targets.len() {
            true => Ok(TensorDataset { features, targets }),
            false => Err(Error::Data(format!(
                "There are {} examples but {} targets; give one target for each example.",
                features.len(),
                targets.len()
            ))),
        }
    }

    /// How many examples there are.
    pub fn len(&self) -> usize {
        self.features.len()
    }

    /// Whether there is no example.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// What is known of each example.
    pub fn features(&self) -> &Matrix {
        &self.features
    }

    /// What each example is mapped to.
    pub fn targets(&self) -> &T {
        &self.targets
    }

    /// The examples with these numbers, in this order.
    ///
    /// # Errors
    /// [`Error::Data`] for a number that is not below the number of examples.
    pub fn select(&self, rows: &[usize]) -> Result<Self> {
        match rows.iter().find(|k| **k >= self.len()) {
            None => Ok(TensorDataset {
                features: Targets::select(&self.features, rows),
                targets: self.targets.select(rows),
            }),
            Some(k) => Err(Error::Data(format!(
                "There is no example {k}: the set has {}, counted from zero.",
                self.len()
            ))),
        }
    }

    /// Shuffles by `seed` and divides into the first `first` examples and the rest.
    ///
    /// # Errors
    /// [`Error::Data`] if there are fewer than `first` examples.
    pub fn split(&self, first: usize, seed: u64) -> Result<(Self, Self)> {
        if first > self.len() {
            return Err(Error::Data(format!(
                "A set of {} examples has no first {first}; split it at a smaller number.",
                self.len()
            )));
        }
        let order = Numbers::new(seed, stream::SPLIT).permutation(self.len());
        Ok((self.select(&order[..first])?, self.select(&order[first..])?))
    }

    /// The same examples, of which tensors of numbers are made in double precision, for a model of that precision.
    pub fn to_f64(self) -> Self {
        TensorDataset { features: self.features.to_f64(), targets: self.targets.to_f64() }
    }
}

impl<T: Targets> Dataset for TensorDataset<T> {
    /// The features `[rows, width]` and the targets.
    type Batch = (Tensor<2>, T::Tensor);

    fn len(&self) -> usize {
        self.features.len()
    }

    fn batch(&self, rows: &[usize], device: &Device) -> Self::Batch {
        (self.features.tensor(rows, device), self.targets.tensor(rows, device))
    }
}
