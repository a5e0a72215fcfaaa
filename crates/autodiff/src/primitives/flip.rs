use burn_backend::ops::{BoolTensorOps, FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use super::shapes::{check_axis, list, shifted};
use crate::device::{B, Handle, by_kind};
use crate::ir::{Builder, Call, Defaults, Expr, TensorType};
use crate::primitives::{Adjoints, Prim, Rule, RuleArgs};

/// Reverses the order of the elements along some axes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Flip {
    /// The axes.
    pub axes: Vec<usize>,
}

impl Rule for Flip {
    fn name(&self) -> String {
        "flip".into()
    }

    fn attributes(&self) -> String {
        format!("axes={}", list(&self.axes))
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("flip").then(|| Ok(Flip { axes: call.numbers("axes")? }))
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        self.axes.iter().try_for_each(|a| check_axis(*a, args[0]))?;
        Ok(args[0].clone())
    }

    fn simplify<'b>(&self, _b: &'b Builder, args: &[Expr<'b>]) -> Option<Expr<'b>> {
        match args[0].prim() {
            _ if self.axes.is_empty() => Some(args[0]),
            Prim::Full(_) => Some(args[0]),
            Prim::Flip(inner) if inner == *self => Some(args[0].arg(0)),
            _ => None,
        }
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        at.multilinear()
    }

    fn transpose<'b>(&self, _x: &[Expr<'b>], _linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        Some(vec![Some(ct.flip(self.axes.clone()))])
    }

    fn vmap<'b>(&self, _batch_size: usize, x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        x[0].flip(shifted(&self.axes))
    }

    fn run(&self, mut args: Vec<Handle>, out: &TensorType, _device: &DispatchDevice) -> Handle {
        let x = args.swap_remove(0);
        by_kind!(out.dtype,
            float => B::float_flip(x, &self.axes),
            int => B::int_flip(x, &self.axes),
            bool => B::bool_flip(x, &self.axes))
    }
}
