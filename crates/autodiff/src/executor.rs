//! For executors of a [`Func`]: how tensors get in and out, and Burn's own operation for one equation.
//!
//! `thalweg-cpu` is built on this; who only differentiates does not need it.

use burn::tensor::{Device, DispatchTensor, Shape, TensorData};
use burn_backend::ops::{BoolTensorOps, FloatTensorOps, IntTensorOps};
use burn_backend::{ExecutionError, read_sync};
use burn_dispatch::{BackendTensor, DispatchTensorKind};

use crate::device::{self, B, Handle, by_kind};
use crate::error::{Error, Result};
use crate::ir::{Eqn, Func, TensorType};
use crate::keys::{self, Philox};
use crate::trace::capture;
use crate::tree::{Tree, TreeDef, ty};

/// The type of a tensor of any kind.
pub fn type_of(tensor: &DispatchTensor) -> TensorType {
    ty(tensor)
}

/// Whether the tensor is traced, so that it has no value yet.
pub fn is_traced(tensor: &DispatchTensor) -> bool {
    capture::recorded(tensor).is_some()
}

/// The elements of a tensor, in row-major order. A tensor on an autodiff device loses its history.
///
/// # Errors
/// [`Error::ConcreteValueRequired`] for a traced tensor; [`Error::Device`] if the device cannot give its memory.
pub fn download(tensor: DispatchTensor) -> Result<TensorData> {
    if is_traced(&tensor) {
        return Err(Error::ConcreteValueRequired);
    }
    let tensor: Handle = capture::without_autodiff(tensor);
    let read: std::result::Result<TensorData, ExecutionError> = by_kind!(ty(&tensor).dtype,
        float => read_sync(B::float_into_data(tensor)),
        int => read_sync(B::int_into_data(tensor)),
        bool => read_sync(B::bool_into_data(tensor)));
    read.map_err(|e| Error::Device(format!("The device cannot give back a tensor: {e:?}.")))
}

/// Hands the bytes of a tensor's elements, in row-major order, to `read`: as they lie where the tensor is on Burn's Flex device
/// and contiguous, else a copy.
///
/// # Errors
/// As [`download`].
pub fn with_bytes<R>(tensor: &DispatchTensor, read: impl FnOnce(&[u8]) -> R) -> Result<R> {
    if !is_traced(tensor) {
        let handle: Handle = capture::without_autodiff(tensor.clone());
        if let DispatchTensorKind::Flex(
            BackendTensor::Float(flex) | BackendTensor::Int(flex) | BackendTensor::Bool(flex),
        ) = &handle.kind
            && flex.is_contiguous()
            && flex.bytes().len() == ty(tensor).num_elements() * flex.dtype().size()
        {
            return Ok(read(flex.bytes()));
        }
    }
    Ok(read(download(tensor.clone())?.as_bytes()))
}

/// A tensor on `device` with these elements; the data's element type is kept.
pub fn upload(data: TensorData, device: &Device) -> DispatchTensor {
    let ty = TensorType::new(data.shape().to_vec(), data.dtype());
    device::upload(data, &ty, &device.as_dispatch().clone())
}

/// A tensor of zeros that takes the memory of one element: for what looks at types only, as tracing does.
pub fn placeholder(ty: &TensorType, device: &Device) -> DispatchTensor {
    let (ones, size) = (vec![1; ty.rank()], ty.dtype.size());
    let one = upload(TensorData::from_bytes_vec(vec![0; size], ones, ty.dtype), device);
    let shape = Shape::from(ty.shape.clone());
    by_kind!(ty.dtype,
        float => B::float_expand(one, shape),
        int => B::int_expand(one, shape),
        bool => B::bool_expand(one, shape))
}

/// The tensor with axes of other lengths, for as many elements; traced or not.
pub fn reshape(tensor: DispatchTensor, shape: &[usize]) -> DispatchTensor {
    let shape = Shape::from(shape.to_vec());
    by_kind!(ty(&tensor).dtype,
        float => B::float_reshape(tensor, shape),
        int => B::int_reshape(tensor, shape),
        bool => B::bool_reshape(tensor, shape))
}

/// The tensor without burn-autodiff around it, on the plain device.
pub fn without_autodiff(tensor: DispatchTensor) -> DispatchTensor {
    capture::without_autodiff(tensor)
}

/// The tensor as a constant on the autodiff device around its own.
pub fn with_autodiff(tensor: DispatchTensor) -> DispatchTensor {
    capture::with_autodiff(capture::without_autodiff(tensor))
}

/// Runs one equation by Burn's own operation on the `flex` device.
///
/// # Errors
/// As [`download`].
pub fn eval_eqn(eqn: &Eqn, args: Vec<TensorData>) -> Result<TensorData> {
    let device = Device::flex().as_dispatch().clone();
    let upload = |data: TensorData| {
        let ty = TensorType::new(data.shape().to_vec(), data.dtype());
        device::upload(data, &ty, &device)
    };
    let result = eqn.prim.run(args.into_iter().map(upload).collect(), &eqn.ty, &device);
    let data = download(device::of_type(result, &eqn.ty))?;
    let ty = TensorType::new(data.shape().to_vec(), data.dtype());
    if ty.shape != eqn.ty.shape || ty.dtype.size() != eqn.ty.dtype.size() {
        return Err(Error::Internal(format!(
            "Burn gives {ty} for {}, which the graph says is {}",
            eqn.prim, eqn.ty
        )));
    }
    Ok(data)
}

/// Runs a whole graph op by op on the device of its inputs, which [`Func::inputs`] lists; the reference that
/// executors are held against.
///
/// # Errors
/// [`Error::Argument`] if number or types of the inputs are not the graph's.
pub fn interpret(func: &Func, inputs: Vec<DispatchTensor>, device: &Device) -> Result<Vec<DispatchTensor>> {
    crate::interpret::Program::new(func).run(inputs, &device.as_dispatch().clone())
}

/// The key that an operator called now would draw with; takes it from this thread's stream.
/// See [`seed`](crate::seed).
pub fn next_key() -> i64 {
    keys::next_key()
}

/// The key for part `n` of what `key` stands for: a stream of keys that depends on nothing else.
pub fn fold_in(key: i64, n: u32) -> i64 {
    Philox::child(key, n)
}

/// A tensor of any rank and kind as a [`Tree`], for code that handles many of them alike.
#[derive(Clone, Debug)]
pub struct DynTensor(pub DispatchTensor);

impl Tree for DynTensor {
    fn flatten(&self, leaves: &mut Vec<DispatchTensor>) -> TreeDef {
        leaves.push(self.0.clone());
        TreeDef::Leaf
    }

    fn unflatten(structure: &TreeDef, leaves: &mut dyn Iterator<Item = DispatchTensor>) -> Result<Self> {
        match (structure, leaves.next()) {
            (TreeDef::Leaf, Some(leaf)) => Ok(DynTensor(leaf)),
            _ => Err(Error::Argument(
                "A value of several parts stands where a tensor is expected; give the two the same nesting."
                    .into(),
            )),
        }
    }
}
