//! Patterns that stand for one primitive. On an autodiff device Burn records softmax as its parts, with the running
//! maximum detached; taken together they are the primitive, whose derivative does not go through the maximum. What
//! burn-autodiff records for these parts' adjoints is then written with the primitive as well, so that the parts are
//! needed no more: `e`, `Σe` and the quotients of `e` and `Σe` become softmax, at one rounding less.

use burn_ir::TensorIr;

use super::Importer;
use crate::error::Result;
use crate::ir::Expr;
use crate::primitives::elementwise::Elementwise;
use crate::primitives::{Prim, Reduce, Reduction, SoftmaxKind};

/// The operand of an elementwise primitive with one operand.
fn under<'b>(x: Expr<'b>, op: Elementwise) -> Option<Expr<'b>> {
    (x.prim() == Prim::Elementwise(op)).then(|| x.arg(0))
}

/// What is stretched along an axis.
fn stretched(x: Expr<'_>) -> Option<Expr<'_>> {
    matches!(x.prim(), Prim::Broadcast(_)).then(|| x.arg(0))
}

fn unstretched(x: Expr<'_>) -> Expr<'_> {
    stretched(x).unwrap_or(x)
}

/// The operand and axis of a reduction along one axis.
fn reduced<'b>(x: Expr<'b>, op: Reduction) -> Option<(Expr<'b>, usize)> {
    match x.prim() {
        Prim::Reduce(Reduce { op: own, axes }) if own == op && axes.len() == 1 => Some((x.arg(0), axes[0])),
        _ => None,
    }
}

/// `x` and the axis, where `shifted` is `x − max(x)`.
fn less_maximum<'b>(shifted: Expr<'b>) -> Option<(Expr<'b>, usize)> {
    if shifted.prim() != Prim::Elementwise(Elementwise::Sub) {
        return None;
    }
    let x = shifted.arg(0);
    let (of, axis) = reduced(unstretched(shifted.arg(1)), Reduction::Max)?;
    (of.var == x.var).then_some((x, axis))
}

/// Whether `sum` is the sum of `e` along an axis.
fn is_sum_of<'b>(sum: Expr<'b>, e: Expr<'b>) -> bool {
    reduced(sum, Reduction::Sum).is_some_and(|(of, _)| of.var == e.var)
}

fn operands<'b>(x: Expr<'b>, op: Elementwise) -> Option<[Expr<'b>; 2]> {
    (x.prim() == Prim::Elementwise(op)).then(|| [x.arg(0), x.arg(1)])
}

/// Both orders of two operands.
fn orders<T: Copy>([a, b]: [T; 2]) -> [[T; 2]; 2] {
    [[a, b], [b, a]]
}

/// `c`, where `x` is `c / Σe` stretched over an axis: what the logarithm of `Σe` passes back to `e`.
fn over_sum<'b>(x: Expr<'b>, e: Expr<'b>) -> Option<Expr<'b>> {
    let quotient = stretched(x)?;
    let mut found = orders(operands(quotient, Elementwise::Mul)?).into_iter();
    found.find_map(|[c, r]| is_sum_of(under(r, Elementwise::Recip)?, e).then_some(c))
}

/// `g`, where `x` is `g / Σe + Σ g·(−e / (Σe)²)`, what a quotient `e / Σe` passes back to `e`.
fn of_quotient<'b>(x: Expr<'b>, e: Expr<'b>) -> Option<Expr<'b>> {
    let part = |[direct, through]: [Expr<'b>; 2]| {
        let [g, _] = orders(operands(direct, Elementwise::Mul)?).into_iter().find(|[_, r]| {
            stretched(*r).and_then(|r| under(r, Elementwise::Recip)).is_some_and(|s| is_sum_of(s, e))
        })?;
        let (product, _) = reduced(stretched(through)?, Reduction::Sum)?;
        let slope = |[own, slope]: [Expr<'b>; 2]| {
            let [n, d] = operands(slope, Elementwise::Div)?;
            let [s, t] = operands(stretched(d)?, Elementwise::Mul)?;
            (own.var == g.var && under(n, Elementwise::Neg)?.var == e.var && s.var == t.var && is_sum_of(s, e))
                .then_some(g)
        };
        orders(operands(product, Elementwise::Mul)?).into_iter().find_map(slope)
    };
    orders(operands(x, Elementwise::Add)?).into_iter().find_map(part)
}

impl<'b> Importer<'_, 'b> {
    /// A product, or an adjoint of `e = exp(x − max(x))` in a softmax that was met before.
    pub(super) fn product(&mut self, lhs: &TensorIr, rhs: &TensorIr, out: &TensorIr) -> Result<()> {
        for [e, x] in orders([self.get(lhs)?, self.get(rhs)?]) {
            let Some(y) = self.softmaxes.get(&e.var).copied() else { continue };
            let shape = e.shape();
            if let Some(c) = over_sum(x, e) {
                return self.set(out, y * c.broadcast(shape));
            }
            if let (Some(g), Some((_, axis))) =
                (of_quotient(x, e), under(e, Elementwise::Exp).and_then(less_maximum))
            {
                let own = y * g;
                return self.set(out, own - y * own.sum([axis]).broadcast(shape));
            }
        }
        self.binary(Elementwise::Mul, lhs, rhs, out)
    }

    /// `Σₖ aₖ·bₖ` over a batch of products as one product of the `aₖ` side by side and the `bₖ` below one another: what
    /// burn-autodiff records for the adjoint of a matrix that all of a batch are multiplied by.
    pub(super) fn sum_of_products(&self, x: Expr<'b>) -> Option<Expr<'b>> {
        let (Prim::Matmul(_), 3) = (x.prim(), x.rank()) else { return None };
        let (a, b) = (x.arg(0).t(), x.arg(1));
        let below = |v: Expr<'b>| {
            let shape = v.shape();
            v.reshape([shape[0] * shape[1], shape[2]])
        };
        let same = a.shape()[0] == b.shape()[0];
        same.then(|| {
            let y = below(a).t().matmul(below(b));
            let shape = y.shape();
            y.reshape([1, shape[0], shape[1]])
        })
    }

    /// A subtraction, or `s − ln Σ exp(s)` with `s = x − max(x)`: the logarithm of softmax.
    pub(super) fn subtraction(&mut self, lhs: &TensorIr, rhs: &TensorIr, out: &TensorIr) -> Result<()> {
        let (s, r) = (self.get(lhs)?, self.get(rhs)?);
        let matched = less_maximum(s).and_then(|(x, axis)| {
            let (exp, along) = reduced(under(r, Elementwise::Log)?, Reduction::Sum)?;
            (under(exp, Elementwise::Exp)?.var == s.var && along == axis).then_some((x, axis, exp))
        });
        match matched {
            Some((x, axis, exp)) => {
                let y = self.softmax(SoftmaxKind::Log, x, axis);
                self.softmaxes.insert(exp.var, y.unary(Elementwise::Exp));
                self.set(out, y)
            }
            None => self.binary(Elementwise::Sub, lhs, rhs, out),
        }
    }

    /// A division, or `exp(s) / Σ exp(s)` with `s = x − max(x)`: softmax.
    pub(super) fn division(&mut self, lhs: &TensorIr, rhs: &TensorIr, out: &TensorIr) -> Result<()> {
        let (e, r) = (self.get(lhs)?, self.get(rhs)?);
        let matched = under(e, Elementwise::Exp).and_then(less_maximum).and_then(|(x, axis)| {
            let (exp, along) = reduced(r, Reduction::Sum)?;
            (exp.var == e.var && along == axis).then_some((x, axis))
        });
        match matched {
            Some((x, axis)) => {
                let y = self.softmax(SoftmaxKind::Plain, x, axis);
                self.softmaxes.insert(e.var, y);
                self.set(out, y)
            }
            None => self.binary(Elementwise::Div, lhs, rhs, out),
        }
    }
}
