use std::f64::consts::{FRAC_1_SQRT_2, TAU};

use burn_ir::ActivationOperationIr as Op;

use super::{Importer, literal, unknown};
use crate::error::Result;
use crate::ir::Expr;
use crate::primitives::elementwise::Elementwise;
use crate::primitives::{Prim, Softmax, SoftmaxKind};

/// `x · Φ(x)` with the normal distribution function, exact.
fn gelu(x: Expr<'_>) -> Expr<'_> {
    x * (((x * FRAC_1_SQRT_2).unary(Elementwise::Erf) + 1.0) * 0.5)
}

/// Its derivative `Φ(x) + x·φ(x)`.
fn gelu_derivative(x: Expr<'_>) -> Expr<'_> {
    let distribution = ((x * FRAC_1_SQRT_2).unary(Elementwise::Erf) + 1.0) * 0.5;
    let density = (x.square() * -0.5).unary(Elementwise::Exp) * (1.0 / TAU.sqrt());
    distribution + x * density
}

impl<'b> Importer<'_, 'b> {
    pub(super) fn softmax(&self, kind: SoftmaxKind, x: Expr<'b>, axis: usize) -> Expr<'b> {
        self.b.push(Prim::Softmax(Softmax { kind, axis }), &[x])
    }

    pub(super) fn activation(&mut self, op: &Op) -> Result<()> {
        match op {
            Op::Relu(d) => self.unary(Elementwise::Relu, &d.input, &d.out),
            Op::ReluBackward(d) => {
                let (y, g) = (self.get(&d.lhs)?, self.get(&d.rhs)?);
                let value = y.binary(Elementwise::Le, y.zeros()).select(g.zeros(), g);
                self.set(&d.out, value)
            }
            Op::LeakyRelu(d) => {
                let x = self.get(&d.lhs)?;
                let slope = self.b.literal(literal(d.rhs, &x.ty()), x.ty());
                self.set(&d.out, x.binary(Elementwise::Lt, x.zeros()).select(x * slope, x))
            }
            Op::PRelu(d) => {
                let (x, slope) = (self.get(&d.lhs)?, self.broadcast_operand(&d.rhs, &d.out.shape)?);
                self.set(&d.out, x.binary(Elementwise::Lt, x.zeros()).select(x * slope, x))
            }
            Op::Gelu(d) => {
                let y = gelu(self.get(&d.input)?);
                self.set(&d.out, y)
            }
            Op::GeluBackward(d) => {
                let y = self.get(&d.rhs)? * gelu_derivative(self.get(&d.lhs)?);
                self.set(&d.out, y)
            }
            Op::Sigmoid(d) => self.unary(Elementwise::Sigmoid, &d.input, &d.out),
            Op::SigmoidBackward(d) => {
                let (y, g) = (self.get(&d.lhs)?, self.get(&d.rhs)?);
                self.set(&d.out, g * (y * (1.0 - y)))
            }
            Op::HardSigmoid(d) => {
                let x = self.get(&d.tensor)?;
                let lit = |s| self.b.literal(literal(s, &x.ty()), x.ty());
                let line = x * lit(d.alpha) + lit(d.beta);
                let (zero, one) = (x.zeros(), x.lit(1.0));
                let y = line.binary(Elementwise::Gt, one).select(one, line);
                self.set(&d.out, line.binary(Elementwise::Lt, zero).select(zero, y))
            }
            Op::LogSigmoid(d) => self.unary(Elementwise::LogSigmoid, &d.input, &d.out),
            Op::LogSigmoidBackward(d) => {
                let (x, g) = (self.get(&d.lhs)?, self.get(&d.rhs)?);
                self.set(&d.out, g * (-x).unary(Elementwise::Sigmoid))
            }
            Op::Softmax(d) => {
                let y = self.softmax(SoftmaxKind::Plain, self.get(&d.input)?, d.axis);
                self.set(&d.out, y)
            }
            Op::LogSoftmax(d) => {
                let y = self.softmax(SoftmaxKind::Log, self.get(&d.input)?, d.axis);
                self.set(&d.out, y)
            }
            Op::Softmin(d) => {
                let y = self.softmax(SoftmaxKind::Plain, -self.get(&d.input)?, d.axis);
                self.set(&d.out, y)
            }
            #[allow(unreachable_patterns)] // A later version of Burn may have more of them.
            op => Err(unknown(op)),
        }
    }
}
