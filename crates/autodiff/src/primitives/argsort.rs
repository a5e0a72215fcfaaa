use burn_backend::TensorMetadata;
use burn_backend::ops::{FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use super::shapes::check_axis;
use crate::device::{B, Handle};
use crate::ir::{Call, Defaults, Expr, TensorType};
use crate::primitives::{Prim, Rule, RuleArgs};

/// The order that sorts along one axis, as indices. Has no derivative: sorted values are gathered by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ArgSort {
    /// The axis.
    pub axis: usize,
    /// From largest to smallest.
    pub descending: bool,
}

impl Rule for ArgSort {
    fn name(&self) -> String {
        "argsort".into()
    }

    fn attributes(&self) -> String {
        format!("axis={}{}", self.axis, if self.descending { ",descending" } else { "" })
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("argsort")
            .then(|| Ok(ArgSort { axis: call.number("axis")?, descending: call.has("descending") }))
    }

    fn infer(&self, args: &[&TensorType], defaults: &Defaults) -> Result<TensorType, String> {
        check_axis(self.axis, args[0])?;
        Ok(args[0].with_dtype(if args[0].is_float() { defaults.int } else { args[0].dtype }))
    }

    fn linearize<'b>(&self, _at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        None
    }

    fn vmap<'b>(&self, _batch_size: usize, x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        x[0].b.push(Prim::ArgSort(ArgSort { axis: self.axis + 1, ..self.clone() }), x)
    }

    fn run(&self, mut args: Vec<Handle>, out: &TensorType, _device: &DispatchDevice) -> Handle {
        let x = args.swap_remove(0);
        match x.dtype().is_float() {
            true => B::float_argsort(x, self.axis, self.descending, out.dtype.into()),
            false => B::int_argsort(x, self.axis, self.descending),
        }
    }
}
