use std::ops::RangeInclusive;

use burn_backend::ops::{FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use super::shapes::with_batch_axis;
use crate::device::{B, Handle};
use crate::ir::{Builder, Call, Defaults, Expr, TensorType};
use crate::primitives::{Adjoints, Rule, RuleArgs};

/// Matrix product over the last two axes; leading axes match or have length one on a side.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Matmul;

impl Rule for Matmul {
    fn name(&self) -> String {
        "matmul".into()
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("matmul").then_some(Ok(Matmul))
    }

    fn arity(&self) -> RangeInclusive<usize> {
        2..=2
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        let (a, b) = (args[0], args[1]);
        let n = a.rank();
        let fits = n >= 2
            && b.rank() == n
            && a.dtype == b.dtype
            && a.shape[n - 1] == b.shape[n - 2]
            && (0..n - 2).all(|i| a.shape[i] == b.shape[i] || a.shape[i] == 1 || b.shape[i] == 1);
        if !fits {
            return Err(format!("{a} by {b}"));
        }
        // An axis of length zero beats one of length one.
        let wider = |i: usize| if a.shape[i] == 1 { b.shape[i] } else { a.shape[i] };
        let mut shape: Vec<usize> = (0..n - 2).map(wider).collect();
        shape.extend([a.shape[n - 2], b.shape[n - 1]]);
        Ok(a.with_shape(shape))
    }

    fn simplify<'b>(&self, _b: &'b Builder, args: &[Expr<'b>]) -> Option<Expr<'b>> {
        // One matrix on the right serves all rows on the left: a single product, and its adjoint a single sum.
        let (a, b) = (args[0].shape(), args[1].shape());
        let n = a.len();
        if n <= 2 || b.len() != n || b[..n - 2].iter().any(|d| *d != 1) {
            return None;
        }
        let rows: usize = a[..n - 1].iter().product();
        let product = args[0].reshape([rows, a[n - 1]]).matmul(args[1].reshape([b[n - 2], b[n - 1]]));
        let mut shape = a[..n - 1].to_vec();
        shape.push(b[n - 1]);
        Some(product.reshape(shape))
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        at.multilinear()
    }

    fn transpose<'b>(&self, x: &[Expr<'b>], linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        Some(vec![
            linear[0].then(|| ct.matmul(x[1].t()).sum_to(&x[0].shape())),
            linear[1].then(|| x[0].t().matmul(ct).sum_to(&x[1].shape())),
        ])
    }

    fn vmap<'b>(&self, _batch_size: usize, x: &[Expr<'b>], batched: &[bool]) -> Expr<'b> {
        with_batch_axis(x[0], batched[0]).matmul(with_batch_axis(x[1], batched[1]))
    }

    fn run(&self, args: Vec<Handle>, out: &TensorType, _device: &DispatchDevice) -> Handle {
        let [a, b] = <[Handle; 2]>::try_from(args).expect("two operands, by the shape rule");
        if out.is_float() { B::float_matmul(a, b) } else { B::int_matmul(a, b) }
    }
}
