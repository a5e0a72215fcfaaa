use burn::tensor::{DType, Device, Tensor, TensorData};

use super::dataset::Targets;
use crate::error::{Error, Result};

#[derive(Clone, Debug, PartialEq)]
enum Elements {
    Single(Vec<f32>),
    Double(Vec<f64>),
}

/// Rows of numbers, all of one width, in `f32` or `f64`.
///
/// As targets, they are what a regression learns.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    width: usize,
    elements: Elements,
}

/// Runs `$body` with the elements as `$values`, whatever their type.
macro_rules! elements {
    ($rows:expr, $values:ident => $body:expr) => {
        match &$rows.elements {
            Elements::Single($values) => $body,
            Elements::Double($values) => $body,
        }
    };
}

impl Rows {
    /// Rows of `width` numbers of single precision, one after the other.
    ///
    /// # Errors
    /// [`Error::Data`] if the number of elements is no multiple of `width`.
    pub fn single(values: Vec<f32>, width: usize) -> Result<Self> {
        Rows::new(values.len(), width, Elements::Single(values))
    }

    /// Rows of `width` numbers of double precision, one after the other.
    ///
    /// # Errors
    /// [`Error::Data`] if the number of elements is no multiple of `width`.
    pub fn double(values: Vec<f64>, width: usize) -> Result<Self> {
        Rows::new(values.len(), width, Elements::Double(values))
    }

    fn new(n: usize, width: usize, elements: Elements) -> Result<Self> {
        match width > 0 && n.is_multiple_of(width) {
            true => Ok(Rows { width, elements }),
            false => Err(Error::Data(format!(
                "{n} numbers cannot be divided into rows of {width}. Give a width above zero, and as many numbers as \
                 rows times width."
            ))),
        }
    }

    /// How many numbers a row has.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        elements!(self, values => values.len()) / self.width
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element type: [`DType::F32`] or [`DType::F64`].
    pub fn dtype(&self) -> DType {
        match self.elements {
            Elements::Single(_) => DType::F32,
            Elements::Double(_) => DType::F64,
        }
    }

    /// Row number `k`, as numbers of double precision.
    pub fn row(&self, k: usize) -> Vec<f64> {
        let range = k * self.width..(k + 1) * self.width;
        match &self.elements {
            Elements::Single(values) => values[range].iter().map(|x| f64::from(*x)).collect(),
            Elements::Double(values) => values[range].to_vec(),
        }
    }

    /// The same rows in double precision.
    pub fn to_double(&self) -> Self {
        let values = match &self.elements {
            Elements::Single(values) => values.iter().map(|x| f64::from(*x)).collect(),
            Elements::Double(values) => values.clone(),
        };
        Rows { width: self.width, elements: Elements::Double(values) }
    }

    /// Some of the rows as a tensor of shape `[rows, width]`; its element type is the rows' own.
    pub fn tensor(&self, rows: &[usize], device: &Device) -> Tensor<2> {
        let shape = [rows.len(), self.width];
        let data = elements!(self, values => TensorData::new(gather(values, self.width, rows), shape));
        Tensor::from_data(data, (device, self.dtype()))
    }
}

/// The rows with these numbers, in this order.
fn gather<T: Copy>(values: &[T], width: usize, rows: &[usize]) -> Vec<T> {
    let mut all = Vec::with_capacity(rows.len() * width);
    rows.iter().for_each(|k| all.extend_from_slice(&values[k * width..(k + 1) * width]));
    all
}

impl Targets for Rows {
    type Tensor = Tensor<2>;

    fn len(&self) -> usize {
        Rows::len(self)
    }

    fn select(&self, rows: &[usize]) -> Self {
        let elements = match &self.elements {
            Elements::Single(values) => Elements::Single(gather(values, self.width, rows)),
            Elements::Double(values) => Elements::Double(gather(values, self.width, rows)),
        };
        Rows { width: self.width, elements }
    }

    fn tensor(&self, rows: &[usize], device: &Device) -> Tensor<2> {
        Rows::tensor(self, rows, device)
    }

    fn to_double(&self) -> Self {
        Rows::to_double(self)
    }
}
