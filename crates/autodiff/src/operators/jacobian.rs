use burn::tensor::{Shape, Tensor, TensorData};
use burn_backend::ops::FloatTensorOps;

use super::first_order::leaves_of;
use super::second_order::gradient_of;
use super::stage::{FlatFn, adjoints, only_floats, session, tangents, types};
use super::vmap::map_batch;
use crate::device::{B, Handle};
use crate::error::{Error, Result};
use crate::function::Function;
use crate::ir::TensorType;
use crate::primitives::shapes::batched_shape;
use crate::trace::run_leaves;
use crate::tree::{Tree, TreeDef, flat};

fn elements(all: &[TensorType]) -> usize {
    all.iter().map(TensorType::num_elements).sum()
}

/// One unit vector per element of a batch, over tensors of the given types, in order.
fn basis(all: &[TensorType], like: &Handle) -> Vec<Handle> {
    use burn_backend::TensorMetadata;
    let n = elements(all);
    let mut first = 0;
    let block = |ty: &TensorType| {
        let own = ty.num_elements();
        let mut values = vec![0.0; n * own];
        (0..own).for_each(|k| values[(first + k) * own + k] = 1.0);
        first += own;
        let data = TensorData::new(values, batched_shape(n, &ty.shape)).convert_dtype(ty.dtype);
        B::float_from_data(data, &like.device())
    };
    all.iter().map(block).collect()
}

/// The elements of several batches as the rows of one matrix.
fn rows(batches: Vec<Handle>) -> Handle {
    let all = types(&batches);
    let flat = |(batch, ty): (Handle, &TensorType)| {
        let n = ty.shape[0];
        B::float_reshape(batch, Shape::from(vec![n, ty.num_elements() / n.max(1)]))
    };
    B::float_cat(batches.into_iter().zip(&all).map(flat).collect(), 1)
}

/// The matrix in the shape that the caller states by its rank.
fn shaped<const R: usize>(
    matrix: Handle,
    outer: &[TensorType],
    inner: &[TensorType],
    operator: &str,
) -> Result<Handle> {
    let single = match (outer, inner) {
        ([y], [x]) => Some([&y.shape[..], &x.shape].concat()),
        _ => None,
    };
    match single {
        Some(shape) if shape.len() == R => Ok(B::float_reshape(matrix, Shape::from(shape))),
        _ if R == 2 => Ok(matrix),
        other => {
            let natural = other.map_or(String::new(), |s| format!(" or `Tensor<{}>`, of shape {s:?}", s.len()));
            Err(Error::Output(format!(
                "`{operator}` gives `Tensor<2>`, over all elements in order{natural}; `Tensor<{R}>` does not fit."
            )))
        }
    }
}

/// The Jacobian of a function: all partial derivatives of all results.
///
/// `Tensor<2>` is `[m, n]` over all `m` elements of the results and all `n` of the arguments, in order. For one tensor to
/// one tensor, the sum of their ranks gives the shape of the result followed by that of the argument. Uses forward mode
/// where `n ≤ m` and reverse mode otherwise, all columns or rows side by side in one graph.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// let x = Tensor::<1>::from_floats([2.0, 5.0], &Device::flex());
/// let j: Tensor<2> = thalweg_autodiff::jacobian(|x: Tensor<1>| x.clone() * x.sum())(&x)?;
/// assert_eq!(j.to_data().try_to_vec::<f32>().unwrap(), [9.0, 2.0, 5.0, 12.0]);
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
///
/// # Errors
/// [`Error::Output`] if the stated rank does not fit or a result is not of floats, [`Error::Argument`] for an argument
/// that is not of floats, and what [`trace`](crate::trace) gives.
pub fn jacobian<A: Tree, M, F: Function<A, M>, const R: usize>(f: F) -> impl Fn(&A) -> Result<Tensor<R>> {
    move |x| {
        let (leaves, structure) = flat(x);
        only_floats(&leaves, "jacobian")?;
        let (out, ()) = run_leaves(leaves, |xs| {
            let f = leaves_of(&f, &structure);
            let inner = types(&xs);
            // A first run tells the sizes; its equations are not used and vanish.
            let outer = types(&f(xs.clone())?.0);
            if outer.is_empty() || outer.iter().any(|ty| !ty.is_float()) {
                return Err(Error::Output(
                    "`jacobian` needs a function whose results are tensors, all of floats.".into(),
                ));
            }
            let (n, m) = (elements(&inner), elements(&outer));
            let matrix = if n <= m {
                let along = |ts: Vec<Handle>| Ok((tangents(&f, &xs, &ts)?.1, ()));
                rows_by_vmap(&along, &inner, &xs[0]).map(|columns| B::float_swap_dims(columns, 0, 1))?
            } else {
                let along = |cts: Vec<Handle>| Ok((adjoints(&f, &xs, |_, _| Ok(cts))?.1, ()));
                rows_by_vmap(&along, &outer, &xs[0])?
            };
            Ok((vec![shaped::<R>(matrix, &outer, &inner, "jacobian")?], ()))
        })?;
        crate::tree::unflat(&TreeDef::Leaf, out)
    }
}

/// A linear function of tensors of the given types, applied to every unit vector.
fn rows_by_vmap(linear: FlatFn<()>, all: &[TensorType], like: &Handle) -> Result<Handle> {
    let _ = session()?;
    let (batches, ()) = map_batch(linear, &basis(all, like), elements(all))?;
    Ok(rows(batches))
}

/// The Hessian of a function that returns one number: all second partial derivatives, as the [`jacobian`] of the
/// [`grad`](crate::grad), forward over reverse.
///
/// `Tensor<2>` is `[n, n]` over all `n` elements of the arguments, in order. For one tensor of rank `d`, `Tensor<2d>`
/// gives its shape twice. For products with few vectors, [`hvp`](crate::hvp) is cheaper.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// let x = Tensor::<1>::from_floats([2.0, 5.0], &Device::flex());
/// let h: Tensor<2> = thalweg_autodiff::hessian(|x: Tensor<1>| x.clone().sum() * x.prod())(&x)?;
/// assert_eq!(h.to_data().try_to_vec::<f32>().unwrap(), [10.0, 14.0, 14.0, 4.0]);
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
///
/// # Errors
/// As [`grad`](crate::grad), and [`Error::Output`] if the stated rank does not fit.
pub fn hessian<A: Tree, M, F: Function<A, M>, const R: usize>(f: F) -> impl Fn(&A) -> Result<Tensor<R>> {
    move |x| {
        let (leaves, structure) = flat(x);
        only_floats(&leaves, "hessian")?;
        let (out, ()) = run_leaves(leaves, |xs| {
            let f = leaves_of(&f, &structure);
            let inner = types(&xs);
            let gradient = gradient_of(&f);
            let along = |ts: Vec<Handle>| Ok((tangents(&gradient, &xs, &ts)?.1.split_off(1), ()));
            let matrix = rows_by_vmap(&along, &inner, &xs[0])?;
            Ok((vec![shaped::<R>(matrix, &inner, &inner, "hessian")?], ()))
        })?;
        crate::tree::unflat(&TreeDef::Leaf, out)
    }
}
