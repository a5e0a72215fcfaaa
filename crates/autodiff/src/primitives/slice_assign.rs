use std::ops::RangeInclusive;

use burn_backend::ops::{BoolTensorOps, FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use super::shapes::broadcast_to_batch;
use super::slice::{SliceRange, parse, taken, text, with_batch};
use crate::device::{B, Handle, by_kind};
use crate::ir::{Builder, Call, Defaults, Expr, TensorType};
use crate::primitives::{Adjoints, Rule, RuleArgs};

/// The first operand with the second written into a regular part of it. Into zeros, it is the adjoint of a slice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SliceAssign {
    /// Where the value goes, along each axis.
    pub ranges: Vec<SliceRange>,
}

impl Rule for SliceAssign {
    fn name(&self) -> String {
        "slice_assign".into()
    }

    fn attributes(&self) -> String {
        text(&self.ranges)
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("slice_assign").then(|| Ok(SliceAssign { ranges: parse(call.value("")?)? }))
    }

    fn arity(&self) -> RangeInclusive<usize> {
        2..=2
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        let shape = taken(&self.ranges, args[0])?;
        if args[1].shape != shape || args[0].dtype != args[1].dtype {
            return Err(format!("{} into {} at {}", args[1], args[0], text(&self.ranges)));
        }
        Ok(args[0].clone())
    }

    fn simplify<'b>(&self, _b: &'b Builder, args: &[Expr<'b>]) -> Option<Expr<'b>> {
        // Written over entirely: the step is one and the span covers the axis, for each axis.
        let covers = self.ranges.iter().zip(args[0].shape()).all(|(s, n)| *s == SliceRange::full(n));
        covers.then_some(args[1])
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        at.jointly_linear()
    }

    fn transpose<'b>(&self, x: &[Expr<'b>], linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        Some(vec![
            linear[0].then(|| ct.slice_assign(self.ranges.clone(), x[1].zeros())),
            linear[1].then(|| ct.slice(self.ranges.clone())),
        ])
    }

    fn vmap<'b>(&self, batch_size: usize, x: &[Expr<'b>], batched: &[bool]) -> Expr<'b> {
        let (target, value) = (
            broadcast_to_batch(x[0], batched[0], batch_size),
            broadcast_to_batch(x[1], batched[1], batch_size),
        );
        target.slice_assign(with_batch(batch_size, &self.ranges), value)
    }

    fn run(&self, args: Vec<Handle>, out: &TensorType, _device: &DispatchDevice) -> Handle {
        let slices: Vec<_> = self.ranges.iter().map(|s| s.burn()).collect();
        let [x, value] = <[Handle; 2]>::try_from(args).expect("two operands, by the shape rule");
        by_kind!(out.dtype,
            float => B::float_slice_assign(x, &slices, value),
            int => B::int_slice_assign(x, &slices, value),
            bool => B::bool_slice_assign(x, &slices, value))
    }
}
