use burn_backend::ops::{FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use super::shapes::check_axis;
use crate::device::{B, Handle};
use crate::ir::{Call, Defaults, Expr, TensorType};
use crate::primitives::{Prim, Rule, RuleArgs};

/// Which extreme element is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArgReduceOp {
    /// The largest.
    Max,
    /// The smallest.
    Min,
}

/// The index of an extreme element along one axis, which stays with length one. Has no derivative.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ArgReduce {
    /// Largest or smallest.
    pub op: ArgReduceOp,
    /// The axis.
    pub axis: usize,
}

impl Rule for ArgReduce {
    fn name(&self) -> String {
        format!("arg{:?}", self.op).to_lowercase()
    }

    fn attributes(&self) -> String {
        format!("axis={}", self.axis)
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        let op = [ArgReduceOp::Max, ArgReduceOp::Min]
            .into_iter()
            .find(|op| call.is(&format!("arg{op:?}").to_lowercase()))?;
        Some(call.number("axis").map(|axis| ArgReduce { op, axis }))
    }

    fn infer(&self, args: &[&TensorType], defaults: &Defaults) -> Result<TensorType, String> {
        check_axis(self.axis, args[0])?;
        let mut ty = args[0].with_dtype(if args[0].is_float() { defaults.int } else { args[0].dtype });
        ty.shape[self.axis] = 1;
        Ok(ty)
    }

    fn linearize<'b>(&self, _at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        None
    }

    fn vmap<'b>(&self, _batch_size: usize, x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        x[0].b.push(Prim::ArgReduce(ArgReduce { op: self.op, axis: self.axis + 1 }), x)
    }

    fn run(&self, mut args: Vec<Handle>, out: &TensorType, _device: &DispatchDevice) -> Handle {
        use burn_backend::TensorMetadata;
        let (x, int) = (args.swap_remove(0), out.dtype.into());
        // The search that burn-autodiff uses, so that ties fall the same way.
        match (x.dtype().is_float(), self.op) {
            (true, ArgReduceOp::Max) => B::float_max_dim_with_indices(x, self.axis, int).1,
            (true, ArgReduceOp::Min) => B::float_min_dim_with_indices(x, self.axis, int).1,
            (false, ArgReduceOp::Max) => B::int_argmax(x, self.axis),
            (false, ArgReduceOp::Min) => B::int_argmin(x, self.axis),
        }
    }
}
