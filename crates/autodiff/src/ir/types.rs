use std::fmt;

use burn::tensor::{BoolStore, DType};
use burn_std::{bf16, f16};

use super::text::{elements, number};

/// What a value is: its shape and its element type.
///
/// Burn has no tensor of rank 0, and neither has this graph: a scalar has shape `[1]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TensorType {
    /// Lengths of the axes, outermost first.
    pub shape: Vec<usize>,
    /// Element type.
    pub dtype: DType,
}

impl TensorType {
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
    match dtype {
        DType::Bool(BoolStore::Native) => "bool".into(),
        DType::Bool(store) => format!("bool_{store:?}").to_lowercase(),
        dtype => format!("{dtype:?}").to_lowercase(),
    }
}

/// The element type of a name that [`dtype_name`] gives.
pub(crate) fn dtype_of(name: &str) -> Result<DType, String> {
    use DType::*;
    let plain = [F64, F32, Flex32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8];
    let bools = [BoolStore::Native, BoolStore::U8, BoolStore::U32].map(Bool);
    let mut all = plain.into_iter().chain(bools);
    all.find(|dtype| dtype_name(*dtype) == name).ok_or(format!("there is no element type `{name}`"))
}

impl std::str::FromStr for TensorType {
    type Err = String;

    /// Reads what is printed, as `f32[2,3]`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (dtype, shape) =
            text.split_at(text.find('[').ok_or(format!("`{text}` is no type, as f32[2,3] is"))?);
        let shape = elements(shape)?.into_iter().map(number).collect::<Result<Vec<usize>, _>>()?;
        Ok(Self::new(shape, dtype_of(dtype)?))
    }
}

impl fmt::Display for TensorType {
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
    pub fn rounded_to(value: f64, dtype: DType) -> Self {
        let float = |value: f64| Literal::Float(value.to_bits());
        match dtype {
            DType::F64 => float(value),
            DType::F16 => float(f16::from_f64(value).to_f64()),
            DType::BF16 => float(bf16::from_f64(value).to_f64()),
            d if d.is_float() => float(f64::from(value as f32)),
            d if d.is_bool() => Literal::Bool(value != 0.0),
            _ => Literal::whole(value as i64, dtype),
        }
    }

    /// The literal of a whole number in a tensor of type `dtype`, in which it wraps around.
    pub fn whole(value: i64, dtype: DType) -> Self {
        Literal::Int(match dtype {
            DType::I32 => i64::from(value as i32),
            DType::I16 => i64::from(value as i16),
            DType::I8 => i64::from(value as i8),
            DType::U32 => i64::from(value as u32),
            DType::U16 => i64::from(value as u16),
            DType::U8 => i64::from(value as u8),
            _ => value,
        })
    }

    /// The literal in a tensor of another type, if that type has the same number; a float may be rounded to a shorter one.
    pub(crate) fn converted(self, dtype: DType) -> Option<Self> {
        match self {
            Literal::Int(i) if !dtype.is_float() && !dtype.is_bool() => {
                Some(Literal::whole(i, dtype)).filter(|same| *same == self)
            }
            Literal::Float(_) if !dtype.is_float() && !dtype.is_bool() => {
                let value = self.value().trunc();
                let whole = Literal::rounded_to(value, dtype);
                (value.abs() < 9.0e15 && whole.value() == value).then_some(whole)
            }
            Literal::Int(i) if dtype.is_float() => {
                let float = Literal::rounded_to(i as f64, dtype);
                (i.abs() < 1 << 53 && float.value() == i as f64).then_some(float)
            }
            other => Some(Literal::rounded_to(other.value(), dtype)),
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

impl std::str::FromStr for Literal {
    type Err = String;

    /// Reads what is printed, to the same bits: a float has a point, an exponent, or is `inf` or `NaN`.
    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("`{text}` is no number");
        match text {
            "true" | "false" => Ok(Literal::Bool(text == "true")),
            _ if text.contains(['.', 'e', 'E', 'n', 'N']) => {
                text.parse().map(|x: f64| Literal::Float(x.to_bits())).map_err(|_| bad())
            }
            _ => text.parse().map(Literal::Int).map_err(|_| bad()),
        }
    }
}
