use burn_backend::ops::{BoolTensorOps, FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use super::shapes::{batched_shape, list, shifted};
use crate::device::{B, Handle, by_kind};
use crate::ir::{Builder, Call, Defaults, Expr, TensorType};
use crate::primitives::{Adjoints, Full, Prim, Rule, RuleArgs};

/// Reorders axes: axis `i` of the result is axis `axes[i]` of the operand.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Permute {
    /// Which operand axis each result axis is.
    pub axes: Vec<usize>,
}

impl Rule for Permute {
    fn name(&self) -> String {
        "permute".into()
    }

    fn attributes(&self) -> String {
        list(&self.axes)
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("permute").then(|| Ok(Permute { axes: call.numbers("")? }))
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        let mut seen = self.axes.clone();
        seen.sort_unstable();
        if !seen.iter().copied().eq(0..args[0].rank()) {
            return Err(format!("{:?} is no order of the axes of {}", self.axes, args[0]));
        }
        Ok(args[0].with_shape(self.axes.iter().map(|a| args[0].shape[*a]).collect::<Vec<_>>()))
    }

    fn simplify<'b>(&self, b: &'b Builder, args: &[Expr<'b>]) -> Option<Expr<'b>> {
        let x = args[0];
        if self.axes.iter().copied().eq(0..self.axes.len()) {
            return Some(x);
        }
        match x.prim() {
            Prim::Permute(inner) => {
                Some(x.arg(0).permute(self.axes.iter().map(|a| inner.axes[*a]).collect::<Vec<_>>()))
            }
            Prim::Full(Full { value, ty }) => {
                let shape: Vec<usize> = self.axes.iter().map(|a| ty.shape[*a]).collect();
                Some(b.literal(value, ty.with_shape(shape)))
            }
            _ => None,
        }
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        at.multilinear()
    }

    fn transpose<'b>(&self, _x: &[Expr<'b>], _linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        let mut inverse = vec![0; self.axes.len()];
        self.axes.iter().enumerate().for_each(|(i, a)| inverse[*a] = i);
        Some(vec![Some(ct.permute(inverse))])
    }

    fn vmap<'b>(&self, _batch_size: usize, x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        x[0].permute(batched_shape(0, &shifted(&self.axes)))
    }

    fn run(&self, mut args: Vec<Handle>, out: &TensorType, _device: &DispatchDevice) -> Handle {
        let x = args.swap_remove(0);
        by_kind!(out.dtype,
            float => B::float_permute(x, &self.axes),
            int => B::int_permute(x, &self.axes),
            bool => B::bool_permute(x, &self.axes))
    }
}
