//! Whether two gradients that a graph computes side by side are the same function.

use burn::tensor::{DType, Shape, Slice, TensorData};
use burn_backend::TensorMetadata;
use burn_backend::ops::{BoolTensorOps, FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use super::shorten::shortened;
use crate::error::Result;
use crate::execute::download;
use crate::ir::Func;
use crate::keys::{Philox, with_key};
use crate::run::{B, Handle, Program, by_kind};
use crate::tree::ty;

/// Whether outputs `2k` and `2k + 1` differ for some `k`, where the first `arguments` inputs are moved; the others
/// belong to the function. A random graph's key is not among the inputs.
pub(super) fn differ(
    func: &Func,
    mut inputs: Vec<Handle>,
    arguments: usize,
    device: &DispatchDevice,
) -> Result<bool> {
    if func.outputs().chunks(2).all(|pair| pair[0] == pair[1]) {
        return Ok(false);
    }
    if func.is_random() {
        inputs.push(B::int_from_data(TensorData::new(vec![0i64], [1]), device));
    }
    if let Some(short) = shortened(func) {
        let inputs = short.inputs().iter().zip(&inputs);
        let inputs = inputs.map(|(v, own)| start_of(own.clone(), &short.ty(*v).shape)).collect();
        if same(&short, inputs, arguments, device)? == Some(true) {
            return Ok(false);
        }
    }
    Ok(same(func, inputs, arguments, device)? == Some(false))
}

/// Whether the outputs agree pair by pair; `None` where they are all zero or not finite, which says nothing.
///
/// They are compared beside the given point, since a given point is often special: where parameters are zero, hardly any
/// gradient is not; where a gradient vanishes, terms cancel that are not small, and what burn-autodiff rounds to f32 in
/// them remains. Only where the function has no value beside it the point itself must do. What is detached shows
/// at every point, so that a second one is asked before anything is refused.
fn same(func: &Func, given: Vec<Handle>, arguments: usize, device: &DispatchDevice) -> Result<Option<bool>> {
    let program = Program::new(func);
    let mut verdict = None;
    for stream in 1..=2 {
        let mut steps = Philox::new(0, stream);
        let mut moved = given.clone();
        for handle in moved.iter_mut().take(arguments).filter(|h| h.dtype().is_float()) {
            *handle = beside(handle.clone(), &mut steps)?;
        }
        verdict = agree(&program, func, moved, device, 1e-5)?;
        match verdict {
            Some(true) => return Ok(verdict),
            Some(false) => {}
            None => return agree(&program, func, given, device, 1e-7),
        }
    }
    Ok(verdict)
}

/// The first elements along each axis.
fn start_of(handle: Handle, shape: &[usize]) -> Handle {
    let own = ty(&handle);
    if own.shape == shape {
        return handle;
    }
    let slices: Vec<Slice> = shape.iter().map(|n| Slice::new(0, Some(*n as isize), 1)).collect();
    by_kind!(own.dtype,
        float => B::float_slice(handle, &slices),
        int => B::int_slice(handle, &slices),
        bool => B::bool_slice(handle, &slices))
}

/// The tensor with each element moved by about a tenth of its size.
fn beside(handle: Handle, steps: &mut Philox) -> Result<Handle> {
    let (ty, device) = (ty(&handle), handle.device());
    let mut values = read(handle)?;
    values.iter_mut().for_each(|x| *x += 0.1 * (x.abs() + 0.5) * (0.5 + steps.uniform()));
    let data = TensorData::new(values, Shape::from(ty.shape)).convert_dtype(ty.dtype);
    Ok(B::float_from_data(data, &device))
}

/// Whether the graph's outputs agree pair by pair at these inputs, in f64 to `digits` of the largest.
fn agree(
    program: &Program,
    func: &Func,
    inputs: Vec<Handle>,
    device: &DispatchDevice,
    digits: f64,
) -> Result<Option<bool>> {
    let results = with_key(0, || program.run(inputs, device))?;
    let values: Vec<Vec<f64>> = results.into_iter().map(read).collect::<Result<_>>()?;
    let finite = |(a, b): &(&f64, &f64)| a.is_finite() && b.is_finite();
    let pairs = || values.chunks(2).map(|pair| pair[0].iter().zip(&pair[1]).filter(finite));
    let largest = pairs().flatten().fold(0.0, |m: f64, (a, b)| m.max(a.abs()).max(b.abs()));
    if largest == 0.0 {
        return Ok(None);
    }
    // A gradient that is zero but for rounding has no scale of its own; it takes that of the others, or a small one.
    let scale = largest.max(1e-3);
    let tolerance = |k: usize| match func.ty(func.outputs()[2 * k]).dtype {
        DType::F64 => digits * scale,
        _ => 1e-3 * scale,
    };
    Ok(Some(pairs().enumerate().all(|(k, mut pair)| pair.all(|(a, b)| (a - b).abs() <= tolerance(k)))))
}

fn read(handle: Handle) -> Result<Vec<f64>> {
    let data = download(handle)?;
    Ok(match data.dtype() {
        DType::F64 => data.try_into_vec().unwrap_or_default(),
        DType::F32 => data.as_slice::<f32>().unwrap_or_default().iter().map(|x| f64::from(*x)).collect(),
        _ => data.iter().collect(),
    })
}
