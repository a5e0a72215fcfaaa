//! Operations with algorithms of their own: convolution, softmax, copies, indexing, random numbers, and what runs by Burn's
//! own operations.

mod convolution;
mod copies;
mod fallback;
mod index;
mod rng;
mod softmax;

use thalweg_autodiff::primitives::Prim;

use crate::buffer::BufferId;
use crate::gemm;
use crate::op::{Op, OpContext, Operand};

/// The operation for an equation that no loop computes.
pub(crate) fn lower_op(context: OpContext) -> Box<dyn Op> {
    let own = match &context.eqn.prim {
        Prim::Matmul(_) => gemm::choose(&context),
        Prim::Cat(p) => copies::Copies::cat(&context, p.axis).map(boxed),
        Prim::SliceAssign(p) => copies::Copies::assign(&context, &p.ranges).map(boxed),
        Prim::Softmax(p) => softmax::SoftmaxOp::new(&context, p).map(boxed),
        Prim::Gather(p) => index::Gather::new(&context, p.axis).map(boxed),
        Prim::IndexSelect(p) => index::Gather::select(&context, p.axis).map(boxed),
        Prim::Scatter(p) => index::Scatter::new(&context, p.axis, p.update).map(boxed),
        Prim::IndexAdd(p) => index::Scatter::add(&context, p.axis).map(boxed),
        Prim::Random(p) => rng::Draws::new(&context, p).map(boxed),
        Prim::SplitKey(p) => Some(boxed(rng::Split::new(&context, p.count))),
        Prim::Conv(p) => convolution::Convolution::new(&context, p).map(boxed),
        _ => None,
    };
    own.unwrap_or_else(|| boxed(fallback::Fallback::new(&context)))
}

/// The operation that copies a value to where a result is expected.
pub(crate) fn copy(from: Operand, to: BufferId) -> Box<dyn Op> {
    boxed(copies::Copies::plain(from, to))
}

fn boxed(op: impl Op + 'static) -> Box<dyn Op> {
    Box::new(op)
}
