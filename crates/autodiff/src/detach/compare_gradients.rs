//! Whether two gradients that a graph computes side by side are the same function.

use burn::tensor::{DType, Device, Shape, TensorData};
use burn_backend::TensorMetadata;
use burn_backend::ops::FloatTensorOps;

use super::floats::with_floats;
use super::shrink_shapes::shortened;
use crate::device::{B, Handle};
use crate::error::Result;
use crate::executor::{download, upload};
use crate::interpret::Program;
use crate::ir::{Func, TensorType};
use crate::keys::{Philox, with_rng_key};
use crate::tree::ty;

/// How far two gradients may be apart, in parts of the largest element of theirs, and in parts of the largest of all
/// gradients, for one that is zero but for rounding. They are computed in f64; what remains is that burn-autodiff rounds
/// the reciprocal of a divisor to f32.
const APART: f64 = 1e-6;

/// Whether outputs `2k` and `2k + 1` differ for some `k`, where the first `arguments` inputs are the function's and the
/// others were taken in by it. A random graph's key is not among the inputs.
pub(super) fn differ(func: &Func, inputs: Vec<Handle>, arguments: usize) -> Result<bool> {
    if let Some(short) = shortened(func)
        && same(&short, &inputs, arguments)? == Some(true)
    {
        return Ok(false);
    }
    Ok(same(func, &inputs, arguments)? == Some(false))
}

/// Whether the outputs agree pair by pair; `None` where they are all zero or not finite, which says nothing.
///
/// They are compared beside the given point, since a given point is often special: where parameters are zero, hardly any
/// gradient is not; where a gradient vanishes, large terms cancel. Only where the function has no value beside it
/// the point itself must do. What is detached shows at every point, so that a second one is asked before anything is
/// refused.
fn same(func: &Func, given: &[Handle], arguments: usize) -> Result<Option<bool>> {
    let program = Program::new(&with_floats(func, DType::F64));
    let mut verdict = None;
    for stream in 1..=2 {
        let mut draws = Philox::new(0, stream);
        verdict = agree(func, &program, inputs(func, given, arguments, Some(&mut draws))?)?;
        match verdict {
            Some(true) => return Ok(verdict),
            Some(false) => {}
            None => return agree(func, &program, inputs(func, given, arguments, None)?),
        }
    }
    Ok(verdict)
}

/// The graph's inputs on Flex, floats in f64, spread evenly over longer axes of the given ones. With `draws`, floats are moved by about a
/// tenth of their size, and truth values that the function has taken in, such as masks, are drawn: which of them hold here
/// says nothing about others.
fn inputs(
    func: &Func,
    given: &[Handle],
    arguments: usize,
    mut draws: Option<&mut Philox>,
) -> Result<Vec<Handle>> {
    let device = Device::flex();
    let mut all = vec![];
    for (k, var) in func.inputs().iter().enumerate() {
        let own = func.ty(*var);
        let Some(handle) = given.get(k) else {
            all.push(upload(TensorData::new(vec![0i64], [1]), &device));
            continue;
        };
        let from = ty(handle);
        let data = download(handle.clone())?;
        let data = match (own.is_float(), own.is_bool(), draws.as_deref_mut()) {
            (true, _, draws) => {
                let values: Vec<f64> = spread(&data.iter().collect::<Vec<f64>>(), &from, own);
                let moved = |x: f64, d: &mut Philox| x + 0.1 * (x.abs() + 0.5) * (0.5 + d.uniform());
                let values: Vec<f64> = match draws {
                    Some(draws) => values.into_iter().map(|x| moved(x, draws)).collect(),
                    None => values,
                };
                TensorData::new(values, Shape::from(own.shape.clone())).convert_dtype(DType::F64)
            }
            (_, true, Some(draws)) if k >= arguments => {
                let values: Vec<bool> = (0..own.num_elements()).map(|_| draws.uniform() < 0.5).collect();
                TensorData::new(values, Shape::from(own.shape.clone())).convert_dtype(own.dtype)
            }
            (_, true, _) => {
                let values: Vec<bool> = spread(&data.iter().collect::<Vec<bool>>(), &from, own);
                TensorData::new(values, Shape::from(own.shape.clone())).convert_dtype(own.dtype)
            }
            _ => {
                let values: Vec<i64> = spread(&data.iter().collect::<Vec<i64>>(), &from, own);
                TensorData::new(values, Shape::from(own.shape.clone())).convert_dtype(own.dtype)
            }
        };
        all.push(upload(data, &device));
    }
    Ok(all)
}

/// The elements of a tensor of type `from` at places spread evenly over each axis, as many as `to` has.
fn spread<T: Copy>(values: &[T], from: &TensorType, to: &TensorType) -> Vec<T> {
    if from.shape == to.shape {
        return values.to_vec();
    }
    let mut places = vec![0];
    for (long, short) in from.shape.iter().zip(&to.shape) {
        let along = |i: usize| if *short > 1 { i * (long - 1) / (short - 1) } else { 0 };
        places = places.iter().flat_map(|p| (0..*short).map(move |i| p * long + along(i))).collect();
    }
    places.into_iter().map(|p| values[p]).collect()
}

/// What a program computes.
fn results(program: &Program, inputs: Vec<Handle>) -> Result<Vec<Vec<f64>>> {
    let results = with_rng_key(0, || program.run(inputs, Device::flex().as_dispatch()))?;
    results.into_iter().map(|h| Ok(download(h)?.iter().collect())).collect()
}

fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.filter(|v| v.is_finite()).fold(0.0, |m, v| m.max(v.abs()))
}

/// Whether the outputs of a graph, which `program` computes in f64, agree pair by pair at these inputs.
///
/// Gradients that vanish for every input, as of a softmax's sum, are rounding and nothing else, and so is the distance
/// between them. So before two are called different, both are computed in f32 as well: what is far below the change that
/// this makes was rounding.
fn agree(func: &Func, program: &Program, inputs: Vec<Handle>) -> Result<Option<bool>> {
    let values = results(program, inputs.clone())?;
    let of_all = largest(values.iter().flatten().copied());
    if of_all == 0.0 {
        return Ok(None);
    }
    let finite = |(a, b): &(&f64, &f64)| a.is_finite() && b.is_finite();
    let apart = |a: &[f64], b: &[f64]| largest(a.iter().zip(b).filter(finite).map(|(a, b)| a - b));
    let size = |pair: &[Vec<f64>]| {
        let both = pair[0].iter().zip(&pair[1]).filter(finite);
        largest(both.flat_map(|(a, b)| [*a, *b]))
    };
    let differs = |pair: &[Vec<f64>]| apart(&pair[0], &pair[1]) > APART * (size(pair) + of_all);
    if !values.chunks(2).any(differs) {
        return Ok(Some(true));
    }
    let narrow = |h: Handle| if h.dtype().is_float() { B::float_cast(h, DType::F32.into()) } else { h };
    let coarse =
        results(&Program::new(&with_floats(func, DType::F32)), inputs.into_iter().map(narrow).collect())?;
    let rounding = |pair: &[Vec<f64>], coarse: &[Vec<f64>]| {
        pair.iter().zip(coarse).map(|(a, b)| apart(a, b)).fold(0.0, f64::max)
    };
    let same = values
        .chunks(2)
        .zip(coarse.chunks(2))
        .all(|(pair, coarse)| !differs(pair) || apart(&pair[0], &pair[1]) <= rounding(pair, coarse));
    Ok(Some(same))
}
