use burn::tensor::{DType, Device, Tensor, TensorData};

use super::dataset::Targets;
use crate::error::{Error, Result};

#[derive(Clone, Debug, PartialEq)]
enum Elements {
    Single(Vec<f32>),
    Double(Vec<f64>),
}

/// Rows of numbers, all of one width, and the element type of the tensors that are made of them.
///
/// As targets, they are what a regression learns.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    width: usize,
    elements: Elements,
    dtype: DType,
}

impl Matrix {
    /// Rows of `width` numbers of single precision, one after the other.
    ///
    /// # Errors
    /// [`Error::Data`] if the number of elements is no multiple of `width`.
    pub fn from_f32(values: Vec<f32>, width: usize) -> Result<Self> {
        Matrix::new(values.len(), width, Elements::Single(values), DType::F32)
    }

    /// Rows of `width` numbers of double precision, one after the other.
    ///
    /// # Errors
    /// [`Error::Data`] if the number of elements is no multiple of `width`.
    pub fn from_f64(values: Vec<f64>, width: usize) -> Result<Self> {
        Matrix::new(values.len(), width, Elements::Double(values), DType::F64)
    }

    fn new(n: usize, width: usize, elements: Elements, dtype: DType) -> Result<Self> {
        match width > 0 && n.is_multiple_of(width) {
            true => Ok(Matrix { width, elements, dtype }),
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
        match &self.elements {
            Elements::Single(values) => values.len() / self.width,
            Elements::Double(values) => values.len() / self.width,
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element type of tensors: [`DType::F32`] or [`DType::F64`].
    pub fn dtype(&self) -> DType {
        self.dtype
    }

    /// Row number `k`, as it is kept, in double precision.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn row(&self, k: usize) -> Vec<f64> {
        let range = k * self.width..(k + 1) * self.width;
        match &self.elements {
            Elements::Single(values) => values[range].iter().map(|x| f64::from(*x)).collect(),
            Elements::Double(values) => values[range].to_vec(),
        }
    }

    /// The same rows, of which tensors are made in single precision. Nothing is lost: [`Matrix::to_f64`] brings rows of
    /// double precision back.
    pub fn to_f32(self) -> Self {
        Matrix { dtype: DType::F32, ..self }
    }

    /// The same rows, of which tensors are made in double precision.
    pub fn to_f64(self) -> Self {
        Matrix { dtype: DType::F64, ..self }
    }

    /// Some of the rows as a tensor of shape `[rows, width]`.
    pub fn tensor(&self, rows: &[usize], device: &Device) -> Tensor<2> {
        let (width, shape) = (self.width, [rows.len(), self.width]);
        let data = match (&self.elements, self.dtype) {
            (Elements::Single(values), DType::F64) => {
                TensorData::new(gather(values, width, rows, f64::from), shape)
            }
            (Elements::Single(values), _) => TensorData::new(gather(values, width, rows, |x| x), shape),
            (Elements::Double(values), DType::F64) => {
                TensorData::new(gather(values, width, rows, |x| x), shape)
            }
            (Elements::Double(values), _) => TensorData::new(gather(values, width, rows, |x| x as f32), shape),
        };
        Tensor::from_data(data, (device, self.dtype))
    }
}

/// The rows with these numbers, in this order.
fn gather<T: Copy, U>(values: &[T], width: usize, rows: &[usize], convert: impl Fn(T) -> U) -> Vec<U> {
    let mut all = Vec::with_capacity(rows.len() * width);
    rows.iter().for_each(|k| all.extend(values[k * width..(k + 1) * width].iter().map(|x| convert(*x))));
    all
}

impl Targets for Matrix {
    type Tensor = Tensor<2>;

    fn len(&self) -> usize {
        Matrix::len(self)
    }

    fn select(&self, rows: &[usize]) -> Self {
        let elements = match &self.elements {
            Elements::Single(values) => Elements::Single(gather(values, self.width, rows, |x| x)),
            Elements::Double(values) => Elements::Double(gather(values, self.width, rows, |x| x)),
        };
        Matrix { elements, ..*self }
    }

    fn tensor(&self, rows: &[usize], device: &Device) -> Tensor<2> {
        Matrix::tensor(self, rows, device)
    }

    fn to_f64(self) -> Self {
        Matrix::to_f64(self)
    }
}
