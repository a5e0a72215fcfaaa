//! Tensors on a Burn device of any kind: making them, and moving their data.

use burn::tensor::{DispatchTensor, Shape, TensorData};
use burn_backend::TensorMetadata;
use burn_backend::ops::{BoolTensorOps, FloatTensorOps, IntTensorOps};
use burn_dispatch::{Dispatch, DispatchDevice};

use crate::ir::{Literal, TensorType};
use crate::primitives::elementwise::scalar_of;

/// The backend that every primitive is run by.
pub(crate) type B = Dispatch;

/// A tensor of any kind on a device.
pub(crate) type Handle = DispatchTensor;

/// Chooses Burn's operation by the kind of an element type.
macro_rules! by_kind {
    ($dtype:expr, float => $float:expr, int => $int:expr, bool => $bool:expr) => {
        match $dtype {
            dtype if dtype.is_float() => $float,
            dtype if dtype.is_bool() => $bool,
            _ => $int,
        }
    };
}
pub(crate) use by_kind;

pub(crate) fn full(value: Literal, ty: &TensorType, device: &DispatchDevice) -> Handle {
    let (shape, dtype) = (Shape::from(ty.shape.clone()), ty.dtype);
    by_kind!(dtype,
    float => B::float_full(shape, scalar_of(value), device, dtype.into()),
    int => B::int_full(shape, scalar_of(value), device, dtype.into()),
    bool => if value == Literal::Bool(true) {
        B::bool_ones(shape, device, dtype.into())
    } else {
        B::bool_zeros(shape, device, dtype.into())
    })
}

pub(crate) fn empty(ty: &TensorType, device: &DispatchDevice) -> Handle {
    B::float_empty(Shape::from(ty.shape.clone()), device, ty.dtype.into())
}

pub(crate) fn upload(data: TensorData, ty: &TensorType, device: &DispatchDevice) -> Handle {
    by_kind!(ty.dtype,
        float => B::float_from_data(data, device),
        int => B::int_from_data(data, device),
        bool => B::bool_from_data(data, device))
}

/// The tensor in the element type that the graph says: backends give indices in a type of their own choice.
pub(crate) fn of_type(value: Handle, ty: &TensorType) -> Handle {
    if value.dtype() == ty.dtype || ty.is_bool() {
        return value;
    }
    by_kind!(ty.dtype,
        float => B::float_cast(value, ty.dtype.into()),
        int => B::int_cast(value, ty.dtype.into()),
        bool => value)
}
