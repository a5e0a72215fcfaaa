use std::ops::RangeInclusive;

use burn::tensor::IndexingUpdateOp;
use burn_backend::ops::{FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use super::index_select::{selected, spread};
use super::shapes::broadcast_to_batch;
use crate::device::{B, Handle, by_kind};
use crate::from_burn::bool_select_or;
use crate::ir::{Call, Defaults, Expr, TensorType};
use crate::primitives::{Adjoints, IndexSelect, Prim, Rule, RuleArgs, Scatter, ScatterOp};

/// Adds slices to the slices of one axis that a list of indices names; the adjoint of [`IndexSelect`]. Operands are
/// the target, the indices and the slices; of truth values, it is their disjunction.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IndexAdd {
    /// The axis.
    pub axis: usize,
}

impl Rule for IndexAdd {
    fn name(&self) -> String {
        "index_add".into()
    }

    fn attributes(&self) -> String {
        format!("axis={}", self.axis)
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("index_add").then(|| Ok(IndexAdd { axis: call.number("axis")? }))
    }

    fn arity(&self) -> RangeInclusive<usize> {
        3..=3
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        let slices = selected(self.axis, args[0], args[1])?;
        if *args[2] != slices {
            return Err(format!("{} into {} where {slices} is meant", args[2], args[0]));
        }
        Ok(args[0].clone())
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        at.jointly_linear()
    }

    fn transpose<'b>(&self, x: &[Expr<'b>], linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        let slices = Prim::IndexSelect(IndexSelect { axis: self.axis });
        Some(vec![linear[0].then_some(ct), None, linear[2].then(|| ct.b.push(slices, &[ct, x[1]]))])
    }

    fn vmap<'b>(&self, batch_size: usize, x: &[Expr<'b>], batched: &[bool]) -> Expr<'b> {
        let (target, slices) = (
            broadcast_to_batch(x[0], batched[0], batch_size),
            broadcast_to_batch(x[2], batched[2], batch_size),
        );
        if !batched[1] {
            return target.b.push(Prim::IndexAdd(IndexAdd { axis: self.axis + 1 }), &[target, x[1], slices]);
        }
        let indices = spread(x[1], self.axis, &target.shape()[1..]);
        let scatter = Prim::Scatter(Scatter { axis: self.axis + 1, update: ScatterOp::Add });
        target.b.push(scatter, &[target, indices, slices])
    }

    fn run(&self, args: Vec<Handle>, out: &TensorType, _device: &DispatchDevice) -> Handle {
        let [x, indices, slices] = <[Handle; 3]>::try_from(args).expect("three operands, by the shape rule");
        let add = IndexingUpdateOp::Add;
        by_kind!(out.dtype,
            float => B::float_select_assign(x, self.axis, indices, slices, add),
            int => B::int_select_assign(x, self.axis, indices, slices, add),
            bool => bool_select_or(x, self.axis, indices, slices))
    }
}
