use std::ops::RangeInclusive;

use burn_backend::ops::{BoolTensorOps, FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use super::shapes::{broadcast_to_batch, check_axis};
use crate::device::{B, Handle, by_kind};
use crate::ir::{Builder, Call, Defaults, Expr, TensorType};
use crate::primitives::{Adjoints, Prim, Rule, RuleArgs};

/// Joins the operands along one axis.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cat {
    /// The axis.
    pub axis: usize,
}

impl Rule for Cat {
    fn name(&self) -> String {
        "cat".into()
    }

    fn attributes(&self) -> String {
        format!("axis={}", self.axis)
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("cat").then(|| Ok(Cat { axis: call.number("axis")? }))
    }

    fn arity(&self) -> RangeInclusive<usize> {
        1..=usize::MAX
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        let first = args.first().ok_or("there is nothing to join")?;
        check_axis(self.axis, first)?;
        let mut ty = (*first).clone();
        ty.shape[self.axis] = 0;
        for a in args {
            let fits = a.dtype == ty.dtype
                && a.rank() == ty.rank()
                && (0..ty.rank()).all(|i| i == self.axis || a.shape[i] == ty.shape[i]);
            if !fits {
                return Err(format!("{a} beside {first}"));
            }
            ty.shape[self.axis] += a.shape[self.axis];
        }
        Ok(ty)
    }

    fn simplify<'b>(&self, _b: &'b Builder, args: &[Expr<'b>]) -> Option<Expr<'b>> {
        (args.len() == 1).then(|| args[0])
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        at.jointly_linear()
    }

    fn transpose<'b>(&self, x: &[Expr<'b>], linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        let mut start = 0;
        let part = |(x, linear): (&Expr<'b>, &bool)| {
            let stop = start + x.shape()[self.axis];
            let part = linear.then(|| ct.narrow(self.axis, start, stop));
            start = stop;
            part
        };
        Some(x.iter().zip(linear).map(part).collect())
    }

    fn vmap<'b>(&self, batch_size: usize, x: &[Expr<'b>], batched: &[bool]) -> Expr<'b> {
        let args: Vec<Expr> =
            x.iter().zip(batched).map(|(x, batched)| broadcast_to_batch(*x, *batched, batch_size)).collect();
        x[0].b.push(Prim::Cat(Cat { axis: self.axis + 1 }), &args)
    }

    fn run(&self, args: Vec<Handle>, out: &TensorType, _device: &DispatchDevice) -> Handle {
        by_kind!(out.dtype,
            float => B::float_cat(args, self.axis),
            int => B::int_cat(args, self.axis),
            bool => B::bool_cat(args, self.axis))
    }
}
