use burn::tensor::Shape;
use burn_backend::ops::{BoolTensorOps, FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use super::shapes::{batched_shape, list};
use crate::device::{B, Handle, by_kind};
use crate::ir::{Builder, Call, Defaults, Expr, TensorType};
use crate::primitives::{Adjoints, Full, Prim, Rule, RuleArgs};

/// The same elements in the same order under another shape.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reshape {
    /// The shape of the result.
    pub shape: Vec<usize>,
}

impl Rule for Reshape {
    fn name(&self) -> String {
        "reshape".into()
    }

    fn attributes(&self) -> String {
        list(&self.shape)
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("reshape").then(|| Ok(Reshape { shape: call.numbers("")? }))
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        let ty = args[0].with_shape(self.shape.clone());
        if ty.num_elements() == args[0].num_elements() { Ok(ty) } else { Err(format!("{} to {ty}", args[0])) }
    }

    fn simplify<'b>(&self, b: &'b Builder, args: &[Expr<'b>]) -> Option<Expr<'b>> {
        let x = args[0];
        if x.shape() == self.shape {
            return Some(x);
        }
        match x.prim() {
            Prim::Reshape(_) => Some(x.arg(0).reshape(self.shape.clone())),
            Prim::Full(Full { value, ty }) => Some(b.literal(value, ty.with_shape(self.shape.clone()))),
            _ => None,
        }
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        at.multilinear()
    }

    fn transpose<'b>(&self, x: &[Expr<'b>], _linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        Some(vec![Some(ct.reshape(x[0].shape()))])
    }

    fn vmap<'b>(&self, batch_size: usize, x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        x[0].reshape(batched_shape(batch_size, &self.shape))
    }

    fn run(&self, mut args: Vec<Handle>, out: &TensorType, _device: &DispatchDevice) -> Handle {
        let (x, shape) = (args.swap_remove(0), Shape::from(self.shape.clone()));
        by_kind!(out.dtype,
            float => B::float_reshape(x, shape),
            int => B::int_reshape(x, shape),
            bool => B::bool_reshape(x, shape))
    }
}
