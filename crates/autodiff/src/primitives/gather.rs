use std::ops::RangeInclusive;

use burn_backend::ops::{BoolTensorOps, FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use super::shapes::{broadcast_to_batch, check_axis};
use crate::device::{B, Handle, by_kind};
use crate::ir::{Call, Defaults, Expr, TensorType};
use crate::primitives::{Adjoints, Prim, Rule, RuleArgs, Scatter, ScatterOp};

/// Takes elements by index along one axis: for axis 0, `y[i, j] = x[index[i, j], j]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Gather {
    /// The axis that the indices count along.
    pub axis: usize,
}

impl Rule for Gather {
    fn name(&self) -> String {
        "gather".into()
    }

    fn attributes(&self) -> String {
        format!("axis={}", self.axis)
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("gather").then(|| Ok(Gather { axis: call.number("axis")? }))
    }

    fn arity(&self) -> RangeInclusive<usize> {
        2..=2
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        check_axis(self.axis, args[0])?;
        check_indices(self.axis, args[0], args[1])?;
        Ok(args[0].with_shape(args[1].shape.clone()))
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        at.multilinear()
    }

    fn transpose<'b>(&self, x: &[Expr<'b>], _linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        let scatter = Prim::Scatter(Scatter { axis: self.axis, update: ScatterOp::Add });
        Some(vec![Some(ct.b.push(scatter, &[x[0].zeros(), x[1], ct])), None])
    }

    fn vmap<'b>(&self, batch_size: usize, x: &[Expr<'b>], batched: &[bool]) -> Expr<'b> {
        broadcast_to_batch(x[0], batched[0], batch_size)
            .gather(self.axis + 1, broadcast_to_batch(x[1], batched[1], batch_size))
    }

    fn run(&self, args: Vec<Handle>, out: &TensorType, _device: &DispatchDevice) -> Handle {
        let [x, indices] = <[Handle; 2]>::try_from(args).expect("two operands, by the shape rule");
        by_kind!(out.dtype,
            float => B::float_gather(self.axis, x, indices),
            int => B::int_gather(self.axis, x, indices),
            bool => B::bool_gather(self.axis, x, indices))
    }
}

/// Refuses indices that are not whole numbers or do not line up with `x` outside `axis`.
pub(crate) fn check_indices(axis: usize, x: &TensorType, indices: &TensorType) -> Result<(), String> {
    let lines_up =
        indices.rank() == x.rank() && (0..x.rank()).all(|i| i == axis || indices.shape[i] <= x.shape[i]);
    if !lines_up || indices.is_float() || indices.is_bool() {
        return Err(format!("{x} by indices {indices} along axis {axis}"));
    }
    Ok(())
}
