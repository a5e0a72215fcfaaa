//! Element types that kernels are built for.

use burn::tensor::DType;
use thalweg_autodiff::Literal;

/// An element type that kernels are built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    F32,
    F64,
    I32,
    I64,
    /// A truth value in one byte.
    Bool,
}

impl Kind {
    /// `None` for element types that only Burn's operations take.
    pub fn of(dtype: DType) -> Option<Kind> {
        match dtype {
            DType::F32 => Some(Kind::F32),
            DType::F64 => Some(Kind::F64),
            DType::I32 => Some(Kind::I32),
            DType::I64 => Some(Kind::I64),
            DType::Bool(_) if dtype.size() == 1 => Some(Kind::Bool),
            _ => None,
        }
    }

    /// Bytes of one element.
    pub fn size(self) -> usize {
        match self {
            Kind::F32 | Kind::I32 => 4,
            Kind::F64 | Kind::I64 => 8,
            Kind::Bool => 1,
        }
    }
}

/// Calls a generic item with the Rust type of a kind.
macro_rules! with_kind {
    ($kind:expr, $T:ident => $value:expr) => {
        match $kind {
            $crate::kernels::Kind::F32 => {
                type $T = f32;
                $value
            }
            $crate::kernels::Kind::F64 => {
                type $T = f64;
                $value
            }
            $crate::kernels::Kind::I32 => {
                type $T = i32;
                $value
            }
            $crate::kernels::Kind::I64 => {
                type $T = i64;
                $value
            }
            $crate::kernels::Kind::Bool => {
                type $T = u8;
                $value
            }
        }
    };
}

/// A number as the bytes of one element.
pub(crate) fn bytes_of(value: Literal, kind: Kind) -> [u8; 8] {
    let mut bytes = [0; 8];
    match kind {
        Kind::F32 => bytes[..4].copy_from_slice(&(value.value() as f32).to_ne_bytes()),
        Kind::F64 => bytes.copy_from_slice(&value.value().to_ne_bytes()),
        Kind::I32 => bytes[..4].copy_from_slice(&(whole(value) as i32).to_ne_bytes()),
        Kind::I64 => bytes.copy_from_slice(&whole(value).to_ne_bytes()),
        Kind::Bool => bytes[0] = u8::from(value.value() != 0.0),
    }
    bytes
}

fn whole(value: Literal) -> i64 {
    match value {
        Literal::Int(i) => i,
        other => other.value() as i64,
    }
}
pub(crate) use with_kind;
