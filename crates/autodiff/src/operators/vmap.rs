use super::first_order::leaves_of;
use super::stage::{FlatFn, session, types};
use crate::detach;
use crate::device::Handle;
use crate::error::{Error, Result};
use crate::function::Function;
use crate::ir::TensorType;
use crate::primitives::shapes::batched_shape;
use crate::trace::{marker, run_leaves};
use crate::tree::{Tree, flat, unflat};

/// Runs `f` on one element of the batch and gives its results for all elements of `xs`, whose leading axes have length `batch_size`.
pub(crate) fn map_batch<T>(f: FlatFn<T>, xs: &[Handle], batch_size: usize) -> Result<(Vec<Handle>, T)> {
    let session = session()?;
    let xs: Vec<Handle> = xs.iter().map(|x| session.capture(x.clone())).collect();
    let element = |ty: &TensorType| ty.with_shape(&ty.shape[1..]);
    let element_types: Vec<TensorType> = types(&xs).iter().map(element).collect();
    let inner = detach::enter(&xs, session.mark(marker::ELEMENT, &[&xs], &element_types));
    let (ys, extra) = f(inner.clone())?;
    let ys: Vec<Handle> = ys.into_iter().map(|y| session.capture(y)).collect();
    detach::watch(&ys);
    let out: Vec<TensorType> =
        types(&ys).iter().map(|ty| ty.with_shape(batched_shape(batch_size, &ty.shape))).collect();
    let out = session.mark(marker::VMAP, &[&ys, &inner, &xs], &out);
    Ok((detach::leave(&session, out), extra))
}

/// The common length of the leading axes.
fn batch_size_of(xs: &[Handle]) -> Result<usize> {
    let refuse = |why: String| Err(Error::Argument(why));
    let all = types(xs);
    if let Some(k) = all.iter().position(|ty| ty.rank() < 2) {
        return refuse(format!(
            "`vmap` maps over the leading axis, but tensor number {k} of the arguments is {}; Burn has no \
             tensor of rank 0, so reshape it to [{}, 1].",
            all[k], all[k].shape[0]
        ));
    }
    let Some(batch_size) = all.first().map(|ty| ty.shape[0]) else {
        return refuse("`vmap` has no argument to map over; give at least one tensor.".into());
    };
    match all.iter().position(|ty| ty.shape[0] != batch_size) {
        _ if batch_size == 0 => refuse("`vmap` has nothing to map over: the leading axis has length 0.".into()),
        None => Ok(batch_size),
        Some(k) => refuse(format!(
            "`vmap` needs leading axes of one length, but that of tensor number {k} of the arguments is {} where the first has {batch_size}.",
            all[k].shape[0]
        )),
    }
}

/// Vectorizes a function over a new leading axis: `vmap(f)(&xs)` stacks `f(xs[0]), f(xs[1]), …`, in one graph.
///
/// Every tensor of `xs` has the batch axis in front, and so has every result; ranks are one higher than those that `f` sees,
/// so the results' type must be stated or follow from use. What `f` captures is common to the whole batch. Random numbers are
/// drawn for each element. May stand inside and outside of the other operators.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use thalweg_autodiff::{grad, vmap};
/// let f = |x: Tensor<1>| x.powi_scalar(2).sum();
/// let xs = Tensor::<2>::from_floats([[1.0, 2.0], [3.0, 4.0]], &Device::flex());
/// let gs: Tensor<2> = vmap(grad(f))(&xs)?;
/// assert_eq!(gs.to_data().try_to_vec::<f32>().unwrap(), [2.0, 4.0, 6.0, 8.0]);
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
///
/// # Errors
/// [`Error::Argument`] for leading axes of different lengths, an empty batch, or a rank that does not fit, and what
/// [`trace`](crate::trace) gives.
#[doc(alias = "batch")]
pub fn vmap<A: Tree, M, F: Function<A, M>, X: Tree, Y: Tree>(f: F) -> impl Fn(&X) -> Result<Y> {
    move |xs| {
        let (leaves, structure) = flat(xs);
        let batch_size = batch_size_of(&leaves)?;
        let (ys, result) = run_leaves(leaves, |xs| map_batch(&leaves_of(&f, &structure), &xs, batch_size))?;
        unflat(&result, ys)
    }
}
