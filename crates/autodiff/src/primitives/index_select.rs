use std::ops::RangeInclusive;

use burn_backend::ops::{BoolTensorOps, FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use super::shapes::{batched_shape, broadcast_to_batch, check_axis};
use crate::device::{B, Handle, by_kind};
use crate::ir::{Call, Defaults, Expr, TensorType};
use crate::primitives::{Adjoints, IndexAdd, Prim, Rule, RuleArgs};

/// Takes whole slices of one axis in the order of a list of indices.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IndexSelect {
    /// The axis.
    pub axis: usize,
}

/// The indices of each element of the batch, `[batch, k]`, spread over the other axes of `shape`, for a gather along `axis + 1`.
pub(crate) fn spread<'b>(indices: Expr<'b>, axis: usize, shape: &[usize]) -> Expr<'b> {
    let [batch_size, k] = indices.shape()[..] else { return indices };
    let (mut thin, mut wide) = (vec![1; shape.len()], shape.to_vec());
    (thin[axis], wide[axis]) = (k, k);
    indices.reshape(batched_shape(batch_size, &thin)).broadcast(batched_shape(batch_size, &wide))
}

/// The shape that `indices` take out of `x`, or why they cannot.
pub(crate) fn selected(axis: usize, x: &TensorType, indices: &TensorType) -> Result<TensorType, String> {
    check_axis(axis, x)?;
    if indices.rank() != 1 || indices.is_float() || indices.is_bool() {
        return Err(format!("{x} by indices {indices}"));
    }
    let mut ty = x.clone();
    ty.shape[axis] = indices.shape[0];
    Ok(ty)
}

impl Rule for IndexSelect {
    fn name(&self) -> String {
        "index_select".into()
    }

    fn attributes(&self) -> String {
        format!("axis={}", self.axis)
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("index_select").then(|| Ok(IndexSelect { axis: call.number("axis")? }))
    }

    fn arity(&self) -> RangeInclusive<usize> {
        2..=2
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        selected(self.axis, args[0], args[1])
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        at.multilinear()
    }

    fn transpose<'b>(&self, x: &[Expr<'b>], _linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        let add = Prim::IndexAdd(IndexAdd { axis: self.axis });
        Some(vec![Some(ct.b.push(add, &[x[0].zeros(), x[1], ct])), None])
    }

    fn vmap<'b>(&self, batch_size: usize, x: &[Expr<'b>], batched: &[bool]) -> Expr<'b> {
        if !batched[1] {
            return x[0].b.push(Prim::IndexSelect(IndexSelect { axis: self.axis + 1 }), x);
        }
        let x0 = broadcast_to_batch(x[0], batched[0], batch_size);
        let indices = spread(x[1], self.axis, &x0.shape()[1..]);
        x0.gather(self.axis + 1, indices)
    }

    fn run(&self, args: Vec<Handle>, out: &TensorType, _device: &DispatchDevice) -> Handle {
        let [x, indices] = <[Handle; 2]>::try_from(args).expect("two operands, by the shape rule");
        by_kind!(out.dtype,
            float => B::float_select(x, self.axis, indices),
            int => B::int_select(x, self.axis, indices),
            bool => B::bool_select(x, self.axis, indices))
    }
}
