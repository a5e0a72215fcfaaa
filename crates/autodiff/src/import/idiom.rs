//! Patterns that stand for one primitive. On an autodiff device Burn records softmax as its parts, with the running
//! maximum detached; taken together they are the primitive, whose derivative does not go through the maximum.

use burn_ir::TensorIr;

use super::Importer;
use crate::error::Result;
use crate::ir::Expr;
use crate::pointwise::Pw;
use crate::prim::{Prim, Reduce, Reduction, SoftmaxKind};

/// The operand of a pointwise primitive with one operand.
fn under<'b>(x: Expr<'b>, op: Pw) -> Option<Expr<'b>> {
    (x.prim() == Prim::Pointwise(op)).then(|| x.arg(0))
}

fn unstretched(x: Expr<'_>) -> Expr<'_> {
    match x.prim() {
        Prim::Broadcast(_) => x.arg(0),
        _ => x,
    }
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
    if shifted.prim() != Prim::Pointwise(Pw::Sub) {
        return None;
    }
    let x = shifted.arg(0);
    let (of, axis) = reduced(unstretched(shifted.arg(1)), Reduction::Max)?;
    (of.var == x.var).then_some((x, axis))
}

impl<'b> Importer<'_, 'b> {
    /// A subtraction, or `s − ln Σ exp(s)` with `s = x − max(x)`: the logarithm of softmax.
    pub(super) fn subtraction(&mut self, lhs: &TensorIr, rhs: &TensorIr, out: &TensorIr) -> Result<()> {
        let (s, r) = (self.get(lhs)?, self.get(rhs)?);
        let matched = less_maximum(s).and_then(|(x, axis)| {
            let (exp, along) = reduced(under(r, Pw::Log)?, Reduction::Sum)?;
            (under(exp, Pw::Exp)?.var == s.var && along == axis).then_some((x, axis))
        });
        match matched {
            Some((x, axis)) => self.set(out, self.softmax(SoftmaxKind::Log, x, axis)),
            None => self.binary(Pw::Sub, lhs, rhs, out),
        }
    }

    /// A division, or `exp(s) / Σ exp(s)` with `s = x − max(x)`: softmax.
    pub(super) fn division(&mut self, lhs: &TensorIr, rhs: &TensorIr, out: &TensorIr) -> Result<()> {
        let (e, r) = (self.get(lhs)?, self.get(rhs)?);
        let matched = under(e, Pw::Exp).and_then(less_maximum).and_then(|(x, axis)| {
            let (exp, along) = reduced(r, Reduction::Sum)?;
            (exp.var == e.var && along == axis).then_some((x, axis))
        });
        match matched {
            Some((x, axis)) => self.set(out, self.softmax(SoftmaxKind::Plain, x, axis)),
            None => self.binary(Pw::Div, lhs, rhs, out),
        }
    }
}
