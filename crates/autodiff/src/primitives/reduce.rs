use burn::tensor::Shape;
use burn_backend::ops::{BoolTensorOps, FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use super::shapes::{check_axis, list, shifted};
use crate::device::{B, Handle, by_kind};
use crate::ir::{Builder, Call, Defaults, Expr, TensorType};
use crate::primitives::{Adjoints, ArgReduce, ArgReduceOp, Cat, Prim, Rule, RuleArgs};

/// How elements are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reduction {
    /// Their sum.
    Sum,
    /// Their product.
    Prod,
    /// The largest; NaN as the device has it.
    Max,
    /// The smallest; NaN as the device has it.
    Min,
    /// Whether one of them is true.
    Any,
    /// Whether all of them are true.
    All,
}

/// Combines the elements along some axes, which stay with length one.
///
/// Derivatives: of a sum, the sum; of a product, products that leave one factor out, exact at zeros and to any
/// order; of a maximum or minimum, the element that the device's index search names, so one of several equal ones.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reduce {
    /// How elements are combined.
    pub op: Reduction,
    /// Along which axes, in increasing order.
    pub axes: Vec<usize>,
}

/// The product along `axis` and its tangent by halving: no division, so zeros need no special case.
fn product_by_halves<'b>(mut x: Expr<'b>, mut t: Expr<'b>, axis: usize) -> (Expr<'b>, Expr<'b>) {
    loop {
        let n = x.shape()[axis];
        if n <= 1 {
            return (x, t);
        }
        let half = n / 2;
        let halves = |v: Expr<'b>| (v.narrow(axis, 0, half), v.narrow(axis, half, 2 * half));
        let odd = |v: Expr<'b>, rest: Expr<'b>| match n % 2 {
            0 => v,
            _ => v.b.push(Prim::Cat(Cat { axis }), &[v, rest.narrow(axis, n - 1, n)]),
        };
        let ((x0, x1), (t0, t1)) = (halves(x), halves(t));
        (x, t) = (odd(x0 * x1, x), odd(t0 * x1 + x0 * t1, t));
    }
}

impl Rule for Reduce {
    fn name(&self) -> String {
        format!("{:?}", self.op).to_lowercase()
    }

    fn attributes(&self) -> String {
        format!("axes={}", list(&self.axes))
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        use Reduction::{All, Any, Max, Min, Prod, Sum};
        let mut all = [Sum, Prod, Max, Min, Any, All].into_iter();
        let op = all.find(|op| call.has("axes") && call.is(&format!("{op:?}").to_lowercase()))?;
        Some(call.numbers("axes").map(|axes| Reduce { op, axes }))
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        self.axes.iter().try_for_each(|a| check_axis(*a, args[0]))?;
        if args[0].is_bool() != matches!(self.op, Reduction::Any | Reduction::All) {
            return Err(format!("{:?} of {}", self.op, args[0]));
        }
        let mut ty = args[0].clone();
        self.axes.iter().for_each(|a| ty.shape[*a] = 1);
        Ok(ty)
    }

    fn simplify<'b>(&self, _b: &'b Builder, args: &[Expr<'b>]) -> Option<Expr<'b>> {
        let shape = args[0].shape();
        self.axes.iter().all(|a| shape[*a] == 1).then(|| args[0])
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        let (x, t) = (at.x[0], at.t[0]?);
        match self.op {
            Reduction::Sum => at.multilinear(),
            Reduction::Prod => {
                Some(self.axes.iter().fold((x, t), |(x, t), axis| product_by_halves(x, t, *axis)).1)
            }
            Reduction::Max | Reduction::Min => {
                let op = if self.op == Reduction::Max { ArgReduceOp::Max } else { ArgReduceOp::Min };
                let along = |(x, t): (Expr<'b>, Expr<'b>), axis: &usize| {
                    let winner = x.b.push(Prim::ArgReduce(ArgReduce { op, axis: *axis }), &[x]);
                    (x.reduce(self.op, [*axis]), t.gather(*axis, winner))
                };
                Some(self.axes.iter().fold((x, t), along).1)
            }
            Reduction::Any | Reduction::All => None,
        }
    }

    fn transpose<'b>(&self, x: &[Expr<'b>], _linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        (self.op == Reduction::Sum).then(|| vec![Some(ct.broadcast(x[0].shape()))])
    }

    fn vmap<'b>(&self, _batch_size: usize, x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        x[0].reduce(self.op, shifted(&self.axes))
    }

    fn run(&self, mut args: Vec<Handle>, out: &TensorType, _device: &DispatchDevice) -> Handle {
        let x = args.swap_remove(0);
        let along = |f: fn(Handle, usize) -> Handle| self.axes.iter().fold(x.clone(), |x, axis| f(x, *axis));
        let float = out.is_float();
        match self.op {
            Reduction::Sum if self.axes.len() == out.rank() => {
                let shape = Shape::from(out.shape.clone());
                by_kind!(out.dtype,
                    float => B::float_reshape(B::float_sum(x), shape),
                    int => B::int_reshape(B::int_sum(x), shape),
                    bool => unreachable!("refused by the shape rule"))
            }
            Reduction::Sum if float => B::float_sum_dims(x, &self.axes),
            Reduction::Sum => along(B::int_sum_dim),
            Reduction::Prod => along(if float { B::float_prod_dim } else { B::int_prod_dim }),
            Reduction::Max => along(if float { B::float_max_dim } else { B::int_max_dim }),
            Reduction::Min => along(if float { B::float_min_dim } else { B::int_min_dim }),
            Reduction::Any => along(B::bool_any_dim),
            Reduction::All => along(B::bool_all_dim),
        }
    }
}
