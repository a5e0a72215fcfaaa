use burn_backend::ops::ActivationOps;
use burn_dispatch::DispatchDevice;

use super::shapes::check_axis;
use crate::device::{B, Handle};
use crate::ir::{Call, Defaults, Expr, TensorType};
use crate::primitives::elementwise::Elementwise;
use crate::primitives::{Prim, Rule, RuleArgs};

/// The softmax or its logarithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SoftmaxKind {
    /// `exp(x) / Σ exp(x)`.
    Plain,
    /// `x − ln Σ exp(x)`.
    Log,
}

/// Softmax along one axis, stable for large arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Softmax {
    /// Plain or logarithmic.
    pub kind: SoftmaxKind,
    /// The axis.
    pub axis: usize,
}

impl Rule for Softmax {
    fn name(&self) -> String {
        match self.kind {
            SoftmaxKind::Plain => "softmax".into(),
            SoftmaxKind::Log => "log_softmax".into(),
        }
    }

    fn attributes(&self) -> String {
        format!("axis={}", self.axis)
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        let kind = match call.name {
            "softmax" => SoftmaxKind::Plain,
            "log_softmax" => SoftmaxKind::Log,
            _ => return None,
        };
        Some(call.number("axis").map(|axis| Softmax { kind, axis }))
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        check_axis(self.axis, args[0])?;
        Ok(args[0].clone())
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        let (y, t) = (at.y, at.t[0]?);
        let total = |v: Expr<'b>| v.sum([self.axis]).broadcast(v.shape());
        Some(match self.kind {
            SoftmaxKind::Plain => y * (t - total(y * t)),
            SoftmaxKind::Log => t - total(y.unary(Elementwise::Exp) * t),
        })
    }

    fn vmap<'b>(&self, _batch_size: usize, x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        x[0].b.push(Prim::Softmax(Softmax { kind: self.kind, axis: self.axis + 1 }), x)
    }

    fn run(&self, mut args: Vec<Handle>, _out: &TensorType, _device: &DispatchDevice) -> Handle {
        let x = args.swap_remove(0);
        match self.kind {
            SoftmaxKind::Plain => B::softmax(x, self.axis),
            SoftmaxKind::Log => B::log_softmax(x, self.axis),
        }
    }
}
