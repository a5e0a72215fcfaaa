use burn::tensor::Shape;
use burn_backend::ops::{BoolTensorOps, FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use super::shapes::{batched_shape, list, with_batch_axis};
use crate::device::{B, Handle, by_kind};
use crate::ir::{Builder, Call, Defaults, Expr, TensorType};
use crate::primitives::{Adjoints, Full, Prim, Rule, RuleArgs};

/// Stretches axes of length one; the rank stays.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Broadcast {
    /// The shape of the result.
    pub shape: Vec<usize>,
}

impl Rule for Broadcast {
    fn name(&self) -> String {
        "broadcast".into()
    }

    fn attributes(&self) -> String {
        list(&self.shape)
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("broadcast").then(|| Ok(Broadcast { shape: call.numbers("")? }))
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        let own = &args[0].shape;
        let fits = own.len() == self.shape.len() && own.iter().zip(&self.shape).all(|(a, b)| a == b || *a == 1);
        if fits {
            Ok(args[0].with_shape(self.shape.clone()))
        } else {
            Err(format!("{} to {:?}", args[0], self.shape))
        }
    }

    fn simplify<'b>(&self, b: &'b Builder, args: &[Expr<'b>]) -> Option<Expr<'b>> {
        let x = args[0];
        if x.shape() == self.shape {
            return Some(x);
        }
        match x.prim() {
            Prim::Broadcast(_) => Some(x.arg(0).broadcast(self.shape.clone())),
            Prim::Full(Full { value, ty }) => Some(b.literal(value, ty.with_shape(self.shape.clone()))),
            _ => None,
        }
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        at.multilinear()
    }

    fn transpose<'b>(&self, x: &[Expr<'b>], _linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        Some(vec![Some(ct.sum_to(&x[0].shape()))])
    }

    fn vmap<'b>(&self, batch_size: usize, x: &[Expr<'b>], batched: &[bool]) -> Expr<'b> {
        with_batch_axis(x[0], batched[0]).broadcast(batched_shape(batch_size, &self.shape))
    }

    fn run(&self, mut args: Vec<Handle>, out: &TensorType, _device: &DispatchDevice) -> Handle {
        let (x, shape) = (args.swap_remove(0), Shape::from(self.shape.clone()));
        by_kind!(out.dtype,
            float => B::float_expand(x, shape),
            int => B::int_expand(x, shape),
            bool => B::bool_expand(x, shape))
    }
}
