use std::sync::Arc;

use burn::tensor::TensorData;
use burn_backend::ops::{FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use super::shapes::check_axis;
use crate::device::{B, Handle};
use crate::ir::{Call, Defaults, Expr, TensorType};
use crate::primitives::elementwise::Elementwise;
use crate::primitives::{Adjoints, Cat, Constant, Prim, Rule, RuleArgs};

/// What is accumulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CumulativeOp {
    /// Running sum.
    Sum,
    /// Running product.
    Prod,
    /// Running maximum.
    Max,
    /// Running minimum.
    Min,
}

/// Running sum, product, maximum or minimum along one axis.
///
/// Derivatives: of a running product, by doubling, without division, so exact at zeros; of a running extremum, the
/// last element so far that equals it, which is burn-autodiff's convention for ties.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cumulative {
    /// What is accumulated.
    pub op: CumulativeOp,
    /// The axis.
    pub axis: usize,
}

impl Cumulative {
    fn push<'b>(&self, x: Expr<'b>) -> Expr<'b> {
        x.b.push(Prim::Cumulative(self.clone()), &[x])
    }

    /// The tangent of a running product: after step `s`, element `j` holds the product of the last `2s` elements
    /// up to `j`, and its tangent by the product rule.
    fn product_tangent<'b>(&self, mut x: Expr<'b>, mut t: Expr<'b>) -> Expr<'b> {
        let n = x.shape()[self.axis];
        let mut step = 1;
        while step < n {
            let shift = |v: Expr<'b>, fill: f64| {
                let front = v.narrow(self.axis, 0, step).lit(fill);
                v.b.push(Prim::Cat(Cat { axis: self.axis }), &[front, v.narrow(self.axis, 0, n - step)])
            };
            let (x_shifted, t_shifted) = (shift(x, 1.0), shift(t, 0.0));
            (x, t) = (x * x_shifted, t * x_shifted + x * t_shifted);
            step *= 2;
        }
        t
    }

    /// For each element, the index of the element that the running extremum has come from.
    fn source<'b>(&self, x: Expr<'b>, y: Expr<'b>) -> Expr<'b> {
        let (shape, int) = (x.shape(), x.b.defaults.int);
        let mut line = vec![1; shape.len()];
        line[self.axis] = shape[self.axis];
        let indices =
            TensorData::new((0..shape[self.axis] as i64).collect(), [shape[self.axis]]).convert_dtype(int);
        let indices = x.b.push(Prim::Constant(Constant { data: Arc::new(indices) }), &[]);
        let indices = indices.reshape(line).broadcast(shape);
        let hit = y.binary(Elementwise::Eq, x).select(indices, indices.zeros());
        Cumulative { op: CumulativeOp::Max, axis: self.axis }.push(hit)
    }
}

impl Rule for Cumulative {
    fn name(&self) -> String {
        format!("cum{:?}", self.op).to_lowercase()
    }

    fn attributes(&self) -> String {
        format!("axis={}", self.axis)
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        let all = [CumulativeOp::Sum, CumulativeOp::Prod, CumulativeOp::Max, CumulativeOp::Min];
        let op = all.into_iter().find(|op| call.is(&format!("cum{op:?}").to_lowercase()))?;
        Some(call.number("axis").map(|axis| Cumulative { op, axis }))
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        check_axis(self.axis, args[0])?;
        Ok(args[0].clone())
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        let (x, t) = (at.x[0], at.t[0]?);
        Some(match self.op {
            CumulativeOp::Sum => self.push(t),
            CumulativeOp::Prod => self.product_tangent(x, t),
            CumulativeOp::Max | CumulativeOp::Min => t.gather(self.axis, self.source(x, at.y)),
        })
    }

    fn transpose<'b>(&self, _x: &[Expr<'b>], _linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        let axes = [self.axis];
        (self.op == CumulativeOp::Sum).then(|| vec![Some(self.push(ct.flip(axes)).flip(axes))])
    }

    fn vmap<'b>(&self, _batch_size: usize, x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        Cumulative { op: self.op, axis: self.axis + 1 }.push(x[0])
    }

    fn run(&self, mut args: Vec<Handle>, out: &TensorType, _device: &DispatchDevice) -> Handle {
        let (x, axis) = (args.swap_remove(0), self.axis);
        match (self.op, out.is_float()) {
            (CumulativeOp::Sum, true) => B::float_cumsum(x, axis),
            (CumulativeOp::Prod, true) => B::float_cumprod(x, axis),
            (CumulativeOp::Max, true) => B::float_cummax(x, axis),
            (CumulativeOp::Min, true) => B::float_cummin(x, axis),
            (CumulativeOp::Sum, false) => B::int_cumsum(x, axis),
            (CumulativeOp::Prod, false) => B::int_cumprod(x, axis),
            (CumulativeOp::Max, false) => B::int_cummax(x, axis),
            (CumulativeOp::Min, false) => B::int_cummin(x, axis),
        }
    }
}
