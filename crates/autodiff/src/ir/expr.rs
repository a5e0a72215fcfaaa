use std::ops;

use burn::tensor::DType;

use super::{Builder, Literal, TensorType, Var};
use crate::primitives::Prim;
use crate::primitives::elementwise::Elementwise;
use crate::primitives::{
    broadcast::Broadcast,
    convert::Convert,
    flip::Flip,
    gather::Gather,
    matmul::Matmul,
    permute::Permute,
    reduce::{Reduce, Reduction},
    reshape::Reshape,
    slice::{Slice, SliceRange},
    slice_assign::SliceAssign,
};

/// A value in a [`Builder`] that can be written about with ordinary arithmetic; this is what rules are made of.
///
/// Operands of a binary operator must have one shape; `f64` operands become constants of the other's type.
#[derive(Clone, Copy)]
pub(crate) struct Expr<'b> {
    pub b: &'b Builder,
    pub var: Var,
}

impl<'b> Expr<'b> {
    pub fn ty(self) -> TensorType {
        self.b.eqn(self.var).ty.clone()
    }

    pub fn shape(self) -> Vec<usize> {
        self.ty().shape
    }

    pub fn rank(self) -> usize {
        self.b.eqn(self.var).ty.rank()
    }

    pub fn dtype(self) -> DType {
        self.b.eqn(self.var).ty.dtype
    }

    pub fn is_float(self) -> bool {
        self.b.eqn(self.var).ty.is_float()
    }

    pub fn prim(self) -> Prim {
        self.b.eqn(self.var).prim.clone()
    }

    pub fn arg(self, k: usize) -> Expr<'b> {
        let var = self.b.eqn(self.var).args[k];
        self.b.expr(var)
    }

    /// What this value is filled with, where it is a constant of one number.
    pub fn constant(self) -> Option<Literal> {
        match &self.b.eqn(self.var).prim {
            Prim::Full(full) => Some(full.value),
            _ => None,
        }
    }

    /// The number that this value is filled with, where it is a constant of one number; a large whole number is rounded.
    pub fn literal(self) -> Option<f64> {
        self.constant().map(Literal::value)
    }

    /// A constant of this value's type.
    pub fn lit(self, value: f64) -> Expr<'b> {
        self.b.full(value, &self.ty())
    }

    pub fn zeros(self) -> Expr<'b> {
        self.lit(0.0)
    }

    pub fn unary(self, op: Elementwise) -> Expr<'b> {
        self.b.push(Prim::Elementwise(op), &[self])
    }

    pub fn binary(self, op: Elementwise, rhs: Expr<'b>) -> Expr<'b> {
        self.b.push(Prim::Elementwise(op), &[self, rhs])
    }

    /// `mask ? yes : no`, where `self` is the mask.
    pub fn select(self, yes: Expr<'b>, no: Expr<'b>) -> Expr<'b> {
        self.b.push(Prim::Elementwise(Elementwise::Select), &[self, yes, no])
    }

    pub fn square(self) -> Expr<'b> {
        self * self
    }

    pub fn convert(self, dtype: DType) -> Expr<'b> {
        self.b.push(Prim::Convert(Convert { dtype }), &[self])
    }

    pub fn reshape(self, shape: impl Into<Vec<usize>>) -> Expr<'b> {
        self.b.push(Prim::Reshape(Reshape { shape: shape.into() }), &[self])
    }

    /// Stretches axes of length one to `shape`, which has the same rank.
    pub fn broadcast(self, shape: impl Into<Vec<usize>>) -> Expr<'b> {
        self.b.push(Prim::Broadcast(Broadcast { shape: shape.into() }), &[self])
    }

    pub fn permute(self, axes: impl Into<Vec<usize>>) -> Expr<'b> {
        self.b.push(Prim::Permute(Permute { axes: axes.into() }), &[self])
    }

    /// Exchanges two axes.
    pub fn swap(self, i: usize, j: usize) -> Expr<'b> {
        let mut axes: Vec<usize> = (0..self.rank()).collect();
        axes.swap(i, j);
        self.permute(axes)
    }

    pub fn flip(self, axes: impl Into<Vec<usize>>) -> Expr<'b> {
        self.b.push(Prim::Flip(Flip { axes: axes.into() }), &[self])
    }

    /// Reduces over `axes`, which stay with length one.
    pub fn reduce(self, op: Reduction, axes: impl Into<Vec<usize>>) -> Expr<'b> {
        let mut axes = axes.into();
        axes.sort_unstable();
        self.b.push(Prim::Reduce(Reduce { op, axes }), &[self])
    }

    pub fn sum(self, axes: impl Into<Vec<usize>>) -> Expr<'b> {
        self.reduce(Reduction::Sum, axes)
    }

    /// Sums over the axes along which `shape` has length one: the adjoint of `broadcast`.
    pub fn sum_to(self, shape: &[usize]) -> Expr<'b> {
        let own = self.shape();
        let axes: Vec<usize> = (0..shape.len()).filter(|i| shape[*i] == 1 && own[*i] != 1).collect();
        self.sum(axes)
    }

    pub fn slice(self, spans: Vec<SliceRange>) -> Expr<'b> {
        self.b.push(Prim::Slice(Slice { ranges: spans }), &[self])
    }

    /// Elements `start..stop` along one axis.
    pub fn narrow(self, axis: usize, start: usize, stop: usize) -> Expr<'b> {
        let mut spans: Vec<SliceRange> = self.shape().into_iter().map(SliceRange::full).collect();
        spans[axis] = SliceRange { start, stop, step: 1 };
        self.slice(spans)
    }

    /// `self` with `value` written into the elements that `spans` name.
    pub fn slice_assign(self, spans: Vec<SliceRange>, value: Expr<'b>) -> Expr<'b> {
        self.b.push(Prim::SliceAssign(SliceAssign { ranges: spans }), &[self, value])
    }

    /// Zeros of `shape` with this value written where `spans` name.
    pub fn pad_into(self, shape: Vec<usize>, spans: Vec<SliceRange>) -> Expr<'b> {
        self.b.full(0.0, &self.ty().with_shape(shape)).slice_assign(spans, self)
    }

    pub fn gather(self, axis: usize, indices: Expr<'b>) -> Expr<'b> {
        self.b.push(Prim::Gather(Gather { axis }), &[self, indices])
    }

    pub fn matmul(self, rhs: Expr<'b>) -> Expr<'b> {
        self.b.push(Prim::Matmul(Matmul), &[self, rhs])
    }

    /// Exchanges the last two axes.
    pub fn t(self) -> Expr<'b> {
        let n = self.rank();
        self.swap(n - 2, n - 1)
    }
}

macro_rules! operators {
    ($($Trait:ident $method:ident $op:ident;)*) => {$(
        impl<'b> ops::$Trait for Expr<'b> {
            type Output = Expr<'b>;
            fn $method(self, rhs: Expr<'b>) -> Expr<'b> {
                self.binary(Elementwise::$op, rhs)
            }
        }
        impl<'b> ops::$Trait<f64> for Expr<'b> {
            type Output = Expr<'b>;
            fn $method(self, rhs: f64) -> Expr<'b> {
                self.binary(Elementwise::$op, self.lit(rhs))
            }
        }
        impl<'b> ops::$Trait<Expr<'b>> for f64 {
            type Output = Expr<'b>;
            fn $method(self, rhs: Expr<'b>) -> Expr<'b> {
                rhs.lit(self).binary(Elementwise::$op, rhs)
            }
        }
    )*};
}
operators! { Add add Add; Sub sub Sub; Mul mul Mul; Div div Div; }

impl<'b> ops::Neg for Expr<'b> {
    type Output = Expr<'b>;
    fn neg(self) -> Expr<'b> {
        self.unary(Elementwise::Neg)
    }
}
