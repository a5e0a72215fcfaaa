use std::fmt;

use burn::tensor::DType;

/// What a value is: its shape and its element type.
///
/// Burn has no tensor of rank 0, and neither has this graph: a scalar has shape `[1]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Type {
    /// Lengths of the axes, outermost first.
    pub shape: Vec<usize>,
    /// Element type.
    pub dtype: DType,
}

impl Type {
    /// A type from its two parts.
    pub fn new(shape: impl Into<Vec<usize>>, dtype: DType) -> Self {
        Self { shape: shape.into(), dtype }
    }

    /// Number of axes.
    pub fn rank(&self) -> usize {
        self.shape.len()
    }

    /// Number of elements.
    pub fn num_elements(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether the value can carry a derivative.
    pub fn is_float(&self) -> bool {
        self.dtype.is_float()
    }

    pub(crate) fn is_bool(&self) -> bool {
        self.dtype.is_bool()
    }

    pub(crate) fn with_shape(&self, shape: impl Into<Vec<usize>>) -> Self {
        Self::new(shape, self.dtype)
    }

    pub(crate) fn with_dtype(&self, dtype: DType) -> Self {
        Self::new(self.shape.clone(), dtype)
    }
}

/// Short name of an element type as the graph's text shows it: `f32`, `i64`, `bool`.
pub(crate) fn dtype_name(dtype: DType) -> String {
    if dtype.is_bool() { "bool".into() } else { format!("{dtype:?}").to_lowercase() }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[", dtype_name(self.dtype))?;
        for (i, n) in self.shape.iter().enumerate() {
            write!(f, "{}{n}", if i == 0 { "" } else { "," })?;
        }
        write!(f, "]")
    }
}

/// A literal number inside the graph; compared and hashed by its bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Literal {
    /// A floating point number, as the bits of an `f64`.
    Float(u64),
    /// A whole number.
    Int(i64),
    /// A truth value.
    Bool(bool),
}

impl Literal {
    /// The literal that stands for `value` in a tensor of type `dtype`: rounded to what that type holds,
    /// so that folding constants gives the numbers that running them would give.
    pub fn of(value: f64, dtype: DType) -> Self {
        match dtype {
            DType::F64 => Literal::Float(value.to_bits()),
            d if d.is_float() => Literal::Float(f64::from(value as f32).to_bits()),
            d if d.is_bool() => Literal::Bool(value != 0.0),
            _ => Literal::Int(value as i64),
        }
    }

    /// The number as an `f64`; `true` is one.
    pub fn value(self) -> f64 {
        match self {
            Literal::Float(bits) => f64::from_bits(bits),
            Literal::Int(i) => i as f64,
            Literal::Bool(b) => f64::from(u8::from(b)),
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Float(bits) => write!(f, "{:?}", f64::from_bits(*bits)),
            Literal::Int(i) => write!(f, "{i}"),
            Literal::Bool(b) => write!(f, "{b}"),
        }
    }
}
