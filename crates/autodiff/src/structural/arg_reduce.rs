use burn_backend::ops::{FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use super::check_axis;
use crate::ir::{Call, Defaults, Expr, Type};
use crate::prim::{At, Prim, Rule};
use crate::run::{B, Handle};

/// Which extreme element is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extremum {
    /// The largest.
    Max,
    /// The smallest.
    Min,
}

/// The index of an extreme element along one axis, which stays with length one. Has no derivative.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ArgReduce {
    /// Largest or smallest.
    pub op: Extremum,
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
        let op = [Extremum::Max, Extremum::Min]
            .into_iter()
            .find(|op| call.is(&format!("arg{op:?}").to_lowercase()))?;
        Some(call.number("axis").map(|axis| ArgReduce { op, axis }))
    }

    fn infer(&self, args: &[&Type], defaults: &Defaults) -> Result<Type, String> {
        check_axis(self.axis, args[0])?;
        let mut ty = args[0].with_dtype(if args[0].is_float() { defaults.int } else { args[0].dtype });
        ty.shape[self.axis] = 1;
        Ok(ty)
    }

    fn linearize<'b>(&self, _at: &At<'_, 'b>) -> Option<Expr<'b>> {
        None
    }

    fn batch<'b>(&self, _lanes: usize, x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        x[0].b.push(Prim::ArgReduce(ArgReduce { op: self.op, axis: self.axis + 1 }), x)
    }

    fn run(&self, mut args: Vec<Handle>, out: &Type, _device: &DispatchDevice) -> Handle {
        use burn_backend::TensorMetadata;
        let (x, int) = (args.swap_remove(0), out.dtype.into());
        // The search that burn-autodiff uses, so that ties fall the same way.
        match (x.dtype().is_float(), self.op) {
            (true, Extremum::Max) => B::float_max_dim_with_indices(x, self.axis, int).1,
            (true, Extremum::Min) => B::float_min_dim_with_indices(x, self.axis, int).1,
            (false, Extremum::Max) => B::int_argmax(x, self.axis),
            (false, Extremum::Min) => B::int_argmin(x, self.axis),
        }
    }
}
