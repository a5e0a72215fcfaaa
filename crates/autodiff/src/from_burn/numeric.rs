use burn_ir::{NumericOperationIr as Op, PadModeIr, ScalarIr, TensorIr};

use super::{Importer, literal, unknown};
use crate::error::Result;
use crate::ir::Expr;
use crate::primitives::elementwise::Elementwise;
use crate::primitives::{
    ArgReduce, ArgReduceOp, ArgSort, Cat, Cumulative, CumulativeOp, IndexSelect, Prim, Reduction,
};

impl<'b> Importer<'_, 'b> {
    pub(super) fn numeric(&mut self, op: &Op) -> Result<()> {
        match op {
            Op::Add(d) => self.binary(Elementwise::Add, &d.lhs, &d.rhs, &d.out),
            Op::Sub(d) => self.subtraction(&d.lhs, &d.rhs, &d.out),
            Op::Mul(d) => self.product(&d.lhs, &d.rhs, &d.out),
            Op::Div(d) => self.division(&d.lhs, &d.rhs, &d.out),
            Op::Rem(d) => self.binary(Elementwise::Rem, &d.lhs, &d.rhs, &d.out),
            Op::AddScalar(d) => self.scalar(Elementwise::Add, &d.lhs, d.rhs, &d.out),
            Op::SubScalar(d) => self.scalar(Elementwise::Sub, &d.lhs, d.rhs, &d.out),
            Op::MulScalar(d) => self.scalar(Elementwise::Mul, &d.lhs, d.rhs, &d.out),
            Op::DivScalar(d) => self.scalar(Elementwise::Div, &d.lhs, d.rhs, &d.out),
            Op::RemScalar(d) => self.scalar(Elementwise::Rem, &d.lhs, d.rhs, &d.out),
            Op::Greater(d) => self.binary(Elementwise::Gt, &d.lhs, &d.rhs, &d.out),
            Op::GreaterEqual(d) => self.binary(Elementwise::Ge, &d.lhs, &d.rhs, &d.out),
            Op::Lower(d) => self.binary(Elementwise::Lt, &d.lhs, &d.rhs, &d.out),
            Op::LowerEqual(d) => self.binary(Elementwise::Le, &d.lhs, &d.rhs, &d.out),
            Op::GreaterElem(d) => self.scalar(Elementwise::Gt, &d.lhs, d.rhs, &d.out),
            Op::GreaterEqualElem(d) => self.scalar(Elementwise::Ge, &d.lhs, d.rhs, &d.out),
            Op::LowerElem(d) => self.scalar(Elementwise::Lt, &d.lhs, d.rhs, &d.out),
            Op::LowerEqualElem(d) => self.scalar(Elementwise::Le, &d.lhs, d.rhs, &d.out),
            Op::Abs(d) => self.unary(Elementwise::Abs, &d.input, &d.out),
            Op::Neg(d) => self.unary(Elementwise::Neg, &d.input, &d.out),
            Op::Sign(d) => self.unary(Elementwise::Sign, &d.input, &d.out),
            Op::Powi(d) => self.power(&d.lhs, &d.rhs, &d.out),
            Op::PowiScalar(d) => {
                let op = if d.lhs.dtype.is_float() { Elementwise::Pow } else { Elementwise::IntPow };
                self.scalar(op, &d.lhs, d.rhs, &d.out)
            }
            Op::Full(d) => {
                let ty = super::ty(&d.out);
                let y = self.b.literal(literal(d.value, &ty), ty);
                self.set(&d.out, y)
            }
            Op::Clamp(d) => self.clamp(&d.tensor, Some(d.min), Some(d.max), &d.out),
            Op::ClampMin(d) => self.clamp(&d.lhs, Some(d.rhs), None, &d.out),
            Op::ClampMax(d) => self.clamp(&d.lhs, None, Some(d.rhs), &d.out),
            Op::Sum(d) => self.reduction(Reduction::Sum, &d.input, None, &d.out),
            Op::SumDim(d) => self.reduction(Reduction::Sum, &d.input, Some(vec![d.axis]), &d.out),
            Op::SumDims(d) => self.reduction(Reduction::Sum, &d.input, Some(d.axes.clone()), &d.out),
            Op::Prod(d) => self.flat(&d.input, &d.out, |x| x.reduce(Reduction::Prod, [0])),
            Op::ProdDim(d) => self.reduction(Reduction::Prod, &d.input, Some(vec![d.axis]), &d.out),
            Op::Max(d) => self.flat(&d.input, &d.out, |x| x.reduce(Reduction::Max, [0])),
            Op::MaxDim(d) => self.reduction(Reduction::Max, &d.input, Some(vec![d.axis]), &d.out),
            Op::Min(d) => self.flat(&d.input, &d.out, |x| x.reduce(Reduction::Min, [0])),
            Op::MinDim(d) => self.reduction(Reduction::Min, &d.input, Some(vec![d.axis]), &d.out),
            Op::MaxAbs(d) => {
                self.flat(&d.input, &d.out, |x| x.unary(Elementwise::Abs).reduce(Reduction::Max, [0]))
            }
            Op::MaxAbsDim(d) => {
                let y = self.get(&d.input)?.unary(Elementwise::Abs).reduce(Reduction::Max, [d.axis]);
                self.set(&d.out, y)
            }
            Op::Mean(d) => self.mean(&d.input, None, &d.out),
            Op::MeanDim(d) => self.mean(&d.input, Some(d.axis), &d.out),
            Op::ArgMax(d) => {
                let y = self.arg_extremum(self.get(&d.input)?, ArgReduceOp::Max, d.axis);
                self.set(&d.out, y.convert(d.out.dtype))
            }
            Op::ArgMin(d) => {
                let y = self.arg_extremum(self.get(&d.input)?, ArgReduceOp::Min, d.axis);
                self.set(&d.out, y.convert(d.out.dtype))
            }
            Op::MaxDimWithIndices(d) => {
                self.extreme(&d.tensor, ArgReduceOp::Max, d.dim, &d.out, &d.out_indices)
            }
            Op::MinDimWithIndices(d) => {
                self.extreme(&d.tensor, ArgReduceOp::Min, d.dim, &d.out, &d.out_indices)
            }
            Op::CumSum(d) => self.cumulation(CumulativeOp::Sum, &d.input, d.axis, &d.out),
            Op::CumProd(d) => self.cumulation(CumulativeOp::Prod, &d.input, d.axis, &d.out),
            Op::CumMin(d) => self.cumulation(CumulativeOp::Min, &d.input, d.axis, &d.out),
            Op::CumMax(d) => self.cumulation(CumulativeOp::Max, &d.input, d.axis, &d.out),
            Op::Sort(d) => {
                let x = self.get(&d.input)?;
                let order = self.argsort(x, d.dim, d.descending);
                self.set(&d.out, x.gather(d.dim, order))
            }
            Op::SortWithIndices(d) => {
                let x = self.get(&d.input)?;
                let order = self.argsort(x, d.dim, d.descending);
                self.set(&d.out, x.gather(d.dim, order))?;
                self.set(&d.out_indices, order.convert(d.out_indices.dtype))
            }
            Op::ArgSort(d) => {
                let y = self.argsort(self.get(&d.input)?, d.dim, d.descending);
                self.set(&d.out, y.convert(d.out.dtype))
            }
            Op::TopK(d) => {
                let x = self.get(&d.input)?;
                let best = self.top_k(x, d.axis, d.out.shape[d.axis]);
                self.set(&d.out, x.gather(d.axis, best))
            }
            Op::ArgTopK(d) => {
                let best = self.top_k(self.get(&d.input)?, d.axis, d.out.shape[d.axis]);
                self.set(&d.out, best.convert(d.out.dtype))
            }
            Op::TopKWithIndices(d) => {
                let x = self.get(&d.tensor)?;
                let best = self.top_k(x, d.dim, d.k);
                self.set(&d.out, x.gather(d.dim, best))?;
                self.set(&d.out_indices, best.convert(d.out_indices.dtype))
            }
            Op::Pad(d) => {
                let x = self.get(&d.input)?;
                let y = match d.mode {
                    PadModeIr::Constant(value) => self.padded(x, &d.padding, literal(value, &x.ty())),
                    PadModeIr::Reflect => {
                        self.mirrored(x, &d.padding, |k, n| if k < n { k } else { 2 * n - 2 - k })
                    }
                    PadModeIr::Edge => self.mirrored(x, &d.padding, |k, n| k.min(n - 1)),
                };
                self.set(&d.out, y)
            }
            Op::IntRandom(d) => self.random(d),
            #[allow(unreachable_patterns)] // A later version of Burn may have more of them.
            op => Err(unknown(op)),
        }
    }

    fn power(&mut self, lhs: &TensorIr, rhs: &TensorIr, out: &TensorIr) -> Result<()> {
        let (x, p) = (self.broadcast_operand(lhs, &out.shape)?, self.broadcast_operand(rhs, &out.shape)?);
        let y = if x.is_float() {
            x.binary(Elementwise::Pow, p.convert(x.dtype()))
        } else {
            x.binary(Elementwise::IntPow, p)
        };
        self.set(out, y)
    }

    /// Burn's convention: inside and at both bounds the derivative is one; NaN stays NaN.
    fn clamp(
        &mut self,
        x: &TensorIr,
        low: Option<ScalarIr>,
        high: Option<ScalarIr>,
        out: &TensorIr,
    ) -> Result<()> {
        let x = self.get(x)?;
        let bound = |s: ScalarIr| self.b.literal(literal(s, &x.ty()), x.ty());
        let mut y = x;
        if let Some(high) = high.map(bound) {
            y = x.binary(Elementwise::Gt, high).select(high, y);
        }
        if let Some(low) = low.map(bound) {
            y = x.binary(Elementwise::Lt, low).select(low, y);
        }
        self.set(out, y)
    }

    fn reduction(
        &mut self,
        op: Reduction,
        input: &TensorIr,
        axes: Option<Vec<usize>>,
        out: &TensorIr,
    ) -> Result<()> {
        let x = self.get(input)?;
        let axes = axes.unwrap_or((0..x.rank()).collect());
        let y = match (op, &axes[..]) {
            (Reduction::Sum, [0]) => self.sum_of_products(x).unwrap_or_else(|| x.sum([0])),
            _ => x.reduce(op, axes),
        };
        self.set(out, y.reshape(out.shape.to_vec()))
    }

    /// A reduction of all elements in one axis, as Burn's own derivative takes them.
    fn flat(&mut self, input: &TensorIr, out: &TensorIr, f: impl Fn(Expr<'b>) -> Expr<'b>) -> Result<()> {
        let x = self.get(input)?;
        let y = f(x.reshape([x.ty().num_elements()])).reshape([1]);
        self.set(out, y)
    }

    fn mean(&mut self, input: &TensorIr, axis: Option<usize>, out: &TensorIr) -> Result<()> {
        let x = self.get(input)?;
        let axes: Vec<usize> = axis.map_or((0..x.rank()).collect(), |a| vec![a]);
        let count: usize = axes.iter().map(|a| x.shape()[*a]).product();
        let y = x.sum(axes) / count as f64;
        self.set(out, y.reshape(out.shape.to_vec()))
    }

    fn arg_extremum(&self, x: Expr<'b>, op: ArgReduceOp, axis: usize) -> Expr<'b> {
        self.b.push(Prim::ArgReduce(ArgReduce { op, axis }), &[x])
    }

    fn extreme(
        &mut self,
        x: &TensorIr,
        op: ArgReduceOp,
        axis: usize,
        out: &TensorIr,
        indices: &TensorIr,
    ) -> Result<()> {
        let x = self.get(x)?;
        let winner = self.arg_extremum(x, op, axis);
        self.set(out, x.gather(axis, winner))?;
        self.set(indices, winner.convert(indices.dtype))
    }

    fn cumulation(&mut self, op: CumulativeOp, input: &TensorIr, axis: usize, out: &TensorIr) -> Result<()> {
        let y = self.b.push(Prim::Cumulative(Cumulative { op, axis }), &[self.get(input)?]);
        self.set(out, y)
    }

    fn argsort(&self, x: Expr<'b>, axis: usize, descending: bool) -> Expr<'b> {
        self.b.push(Prim::ArgSort(ArgSort { axis, descending }), &[x])
    }

    /// Indices of the `k` largest elements, the largest first.
    fn top_k(&self, x: Expr<'b>, axis: usize, k: usize) -> Expr<'b> {
        self.argsort(x, axis, true).narrow(axis, 0, k)
    }

    /// Padding by elements of `x` itself: `source(k, n)` says which element stands `k ≥ n` places from the far end.
    fn mirrored(
        &self,
        x: Expr<'b>,
        around: &[(usize, usize)],
        source: impl Fn(usize, usize) -> usize,
    ) -> Expr<'b> {
        let mut y = x;
        for (axis, (before, after)) in around.iter().enumerate().filter(|(_, p)| **p != (0, 0)) {
            let n = x.shape()[axis];
            // Before the first element the same rule holds seen from the other end.
            let front = (0..*before).map(|i| n - 1 - source(n - 1 + before - i, n));
            let back = (0..*after).map(|i| source(n + i, n));
            let pick = |elements: Vec<usize>| {
                let count = elements.len();
                let indices = self.indices(elements.into_iter(), vec![count]);
                self.b.push(Prim::IndexSelect(IndexSelect { axis }), &[y, indices])
            };
            let parts = [pick(front.collect()), y, pick(back.collect())];
            y = self.b.push(Prim::Cat(Cat { axis }), &parts);
        }
        y
    }
}
