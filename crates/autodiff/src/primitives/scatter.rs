use std::ops::RangeInclusive;

use burn::tensor::IndexingUpdateOp;
use burn_backend::ops::{FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use super::gather::check_indices;
use super::shapes::{broadcast_to_batch, check_axis};
use crate::device::{B, Handle, by_kind};
use crate::from_burn::bool_scatter_or;
use crate::ir::{Call, Defaults, Expr, TensorType};
use crate::primitives::elementwise::Elementwise;
use crate::primitives::{Adjoints, Prim, Rule, RuleArgs};

/// What happens to an element that an index names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScatterOp {
    /// The value is added.
    Add,
    /// The value replaces it.
    Assign,
    /// The value is multiplied to it.
    Mul,
    /// The larger stays.
    Max,
    /// The smaller stays.
    Min,
}

/// Writes values by index along one axis: operands are the target, the indices and the values.
///
/// The derivatives of all updates but `Add` suppose that no element is named twice; at a tie of `Max` or `Min` both
/// sides receive the derivative. Both are burn-autodiff's conventions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scatter {
    /// The axis that the indices count along.
    pub axis: usize,
    /// What happens to a named element.
    pub update: ScatterOp,
}

impl Scatter {
    fn push<'b>(&self, update: ScatterOp, x: Expr<'b>, indices: Expr<'b>, values: Expr<'b>) -> Expr<'b> {
        x.b.push(Prim::Scatter(Scatter { axis: self.axis, update }), &[x, indices, values])
    }
}

impl Rule for Scatter {
    fn name(&self) -> String {
        format!("scatter_{:?}", self.update).to_lowercase()
    }

    fn attributes(&self) -> String {
        format!("axis={}", self.axis)
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        let all = [ScatterOp::Add, ScatterOp::Assign, ScatterOp::Mul, ScatterOp::Max, ScatterOp::Min];
        let update = all.into_iter().find(|update| call.is(&format!("scatter_{update:?}").to_lowercase()))?;
        Some(call.number("axis").map(|axis| Scatter { axis, update }))
    }

    fn arity(&self) -> RangeInclusive<usize> {
        3..=3
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        check_axis(self.axis, args[0])?;
        check_indices(self.axis, args[0], args[1])?;
        if args[2].shape != args[1].shape || args[2].dtype != args[0].dtype {
            return Err(format!("{} into {} by indices {}", args[2], args[0], args[1]));
        }
        Ok(args[0].clone())
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        let [x, i, v] = [at.x[0], at.x[1], at.x[2]];
        let [tx, tv] = [at.t[0], at.t[2]];
        let add = |a: Option<Expr<'b>>, b: Option<Expr<'b>>| match (a, b) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
        match self.update {
            ScatterOp::Add | ScatterOp::Assign => at.jointly_linear(),
            ScatterOp::Mul => {
                let target = tx.map(|t| self.push(ScatterOp::Mul, t, i, v));
                let values = tv.map(|t| self.push(ScatterOp::Add, x.zeros(), i, x.gather(self.axis, i) * t));
                add(target, values)
            }
            ScatterOp::Max | ScatterOp::Min => {
                let before = x.gather(self.axis, i);
                let wins = |a: Expr<'b>, b: Expr<'b>| {
                    let op = if self.update == ScatterOp::Max { Elementwise::Ge } else { Elementwise::Le };
                    a.binary(op, b).convert(x.dtype())
                };
                let kept = self.push(ScatterOp::Assign, x.lit(1.0), i, wins(before, v));
                let target = tx.map(|t| t * kept);
                let values = tv.map(|t| self.push(ScatterOp::Add, x.zeros(), i, t * wins(v, before)));
                add(target, values)
            }
        }
    }

    fn transpose<'b>(&self, x: &[Expr<'b>], linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        let target = match self.update {
            ScatterOp::Add => ct,
            ScatterOp::Assign => self.push(ScatterOp::Assign, ct, x[1], x[2].zeros()),
            ScatterOp::Mul if !linear[2] => self.push(ScatterOp::Mul, ct, x[1], x[2]),
            ScatterOp::Mul | ScatterOp::Max | ScatterOp::Min => return None,
        };
        let values = linear[2].then(|| ct.gather(self.axis, x[1]));
        Some(vec![linear[0].then_some(target), None, values])
    }

    fn vmap<'b>(&self, batch_size: usize, x: &[Expr<'b>], batched: &[bool]) -> Expr<'b> {
        let args: Vec<Expr> =
            x.iter().zip(batched).map(|(x, b)| broadcast_to_batch(*x, *b, batch_size)).collect();
        x[0].b.push(Prim::Scatter(Scatter { axis: self.axis + 1, update: self.update }), &args)
    }

    fn run(&self, args: Vec<Handle>, out: &TensorType, _device: &DispatchDevice) -> Handle {
        let [x, indices, values] = <[Handle; 3]>::try_from(args).expect("three operands, by the shape rule");
        let update = match self.update {
            ScatterOp::Add => IndexingUpdateOp::Add,
            ScatterOp::Assign => IndexingUpdateOp::Assign,
            ScatterOp::Mul => IndexingUpdateOp::Mul,
            ScatterOp::Max => IndexingUpdateOp::Max,
            ScatterOp::Min => IndexingUpdateOp::Min,
        };
        by_kind!(out.dtype,
            float => B::float_scatter(self.axis, x, indices, values, update),
            int => B::int_scatter(self.axis, x, indices, values, update),
            bool => bool_scatter_or(self.axis, x, indices, values))
    }
}
