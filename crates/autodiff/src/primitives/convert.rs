use burn::tensor::DType;
use burn_backend::TensorMetadata;
use burn_backend::ops::{BoolTensorOps, FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use crate::device::{B, Handle};
use crate::ir::{Builder, Call, Defaults, Expr, TensorType, dtype_name, dtype_of};
use crate::primitives::{Adjoints, Full, Prim, Rule, RuleArgs};

/// The same numbers in another element type. Differentiable between float types.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Convert {
    /// The element type of the result.
    pub dtype: DType,
}

impl Rule for Convert {
    fn name(&self) -> String {
        "convert".into()
    }

    fn attributes(&self) -> String {
        dtype_name(self.dtype)
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("convert").then(|| Ok(Convert { dtype: dtype_of(call.value("")?)? }))
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        Ok(args[0].with_dtype(self.dtype))
    }

    fn simplify<'b>(&self, b: &'b Builder, args: &[Expr<'b>]) -> Option<Expr<'b>> {
        match args[0].prim() {
            _ if args[0].dtype() == self.dtype => Some(args[0]),
            Prim::Full(Full { value, ty }) => {
                Some(b.literal(value.converted(self.dtype)?, ty.with_dtype(self.dtype)))
            }
            _ => None,
        }
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        if self.dtype.is_float() { at.multilinear() } else { None }
    }

    fn transpose<'b>(&self, x: &[Expr<'b>], _linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        Some(vec![Some(ct.convert(x[0].dtype()))])
    }

    fn vmap<'b>(&self, _batch_size: usize, x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        x[0].convert(self.dtype)
    }

    fn run(&self, mut args: Vec<Handle>, _out: &TensorType, _device: &DispatchDevice) -> Handle {
        let (x, to) = (args.swap_remove(0), self.dtype);
        let from = x.dtype();
        match (from.is_float(), from.is_bool()) {
            (true, _) if to.is_float() => B::float_cast(x, to.into()),
            (true, _) if to.is_bool() => B::float_not_equal_elem(x, 0.0.into(), to.into()),
            (true, _) => B::float_into_int(x, to.into()),
            (_, true) if to.is_float() => B::bool_into_float(x, to.into()),
            (_, true) if to.is_bool() => x,
            (_, true) => B::bool_into_int(x, to.into()),
            _ if to.is_float() => B::int_into_float(x, to.into()),
            _ if to.is_bool() => B::int_not_equal_elem(x, 0.into(), to.into()),
            _ => B::int_cast(x, to.into()),
        }
    }
}
