use burn_ir::{BoolOperationIr, FloatOperationIr as Op, IntOperationIr, MatmulOpIr};

use super::{Importer, unknown, unsupported};
use crate::error::Result;
use crate::primitives::elementwise::Elementwise;

impl Importer<'_, '_> {
    pub(super) fn float(&mut self, op: &Op) -> Result<()> {
        match op {
            Op::Exp(d) => self.unary(Elementwise::Exp, &d.input, &d.out),
            Op::Log(d) => self.unary(Elementwise::Log, &d.input, &d.out),
            Op::Log1p(d) => self.unary(Elementwise::Log1p, &d.input, &d.out),
            Op::Erf(d) => self.unary(Elementwise::Erf, &d.input, &d.out),
            Op::Sqrt(d) => self.unary(Elementwise::Sqrt, &d.input, &d.out),
            Op::Cos(d) => self.unary(Elementwise::Cos, &d.input, &d.out),
            Op::Cosh(d) => self.unary(Elementwise::Cosh, &d.input, &d.out),
            Op::Sin(d) => self.unary(Elementwise::Sin, &d.input, &d.out),
            Op::Sinh(d) => self.unary(Elementwise::Sinh, &d.input, &d.out),
            Op::Tan(d) => self.unary(Elementwise::Tan, &d.input, &d.out),
            Op::Tanh(d) => self.unary(Elementwise::Tanh, &d.input, &d.out),
            Op::ArcCos(d) => self.unary(Elementwise::Acos, &d.input, &d.out),
            Op::ArcCosh(d) => self.unary(Elementwise::Acosh, &d.input, &d.out),
            Op::ArcSin(d) => self.unary(Elementwise::Asin, &d.input, &d.out),
            Op::ArcSinh(d) => self.unary(Elementwise::Asinh, &d.input, &d.out),
            Op::ArcTan(d) => self.unary(Elementwise::Atan, &d.input, &d.out),
            Op::ArcTanh(d) => self.unary(Elementwise::Atanh, &d.input, &d.out),
            Op::Round(d) => self.unary(Elementwise::Round, &d.input, &d.out),
            Op::Floor(d) => self.unary(Elementwise::Floor, &d.input, &d.out),
            Op::Ceil(d) => self.unary(Elementwise::Ceil, &d.input, &d.out),
            Op::Trunc(d) => self.unary(Elementwise::Trunc, &d.input, &d.out),
            Op::Recip(d) => self.unary(Elementwise::Recip, &d.input, &d.out),
            Op::IsNan(d) => self.binary(Elementwise::Ne, &d.input, &d.input, &d.out),
            Op::IsInf(d) => {
                let size = self.get(&d.input)?.unary(Elementwise::Abs);
                self.set(&d.out, size.binary(Elementwise::Eq, size.lit(f64::INFINITY)))
            }
            Op::ArcTan2(d) => self.binary(Elementwise::Atan2, &d.lhs, &d.rhs, &d.out),
            Op::Powf(d) => self.binary(Elementwise::Pow, &d.lhs, &d.rhs, &d.out),
            Op::Hypot(d) => self.binary(Elementwise::Hypot, &d.lhs, &d.rhs, &d.out),
            Op::PowfScalar(d) => self.scalar(Elementwise::Pow, &d.lhs, d.rhs, &d.out),
            Op::IntoInt(d) => {
                let y = self.get(&d.input)?.convert(d.out.dtype);
                self.set(&d.out, y)
            }
            Op::Matmul(d) => self.matmul(d),
            Op::Cross(d) => {
                let (a, b) = (
                    self.broadcast_operand(&d.lhs, &d.out.shape)?,
                    self.broadcast_operand(&d.rhs, &d.out.shape)?,
                );
                // aₖ₊₁·bₖ₊₂ − aₖ₊₂·bₖ₊₁, with axes counted round.
                let turn = |v: crate::ir::Expr<'_>, by: usize| {
                    let n = v.shape()[d.dim];
                    let parts = [v.narrow(d.dim, by, n), v.narrow(d.dim, 0, by)];
                    let var =
                        v.b.push(crate::primitives::Prim::Cat(crate::primitives::Cat { axis: d.dim }), &parts)
                            .var;
                    self.b.expr(var)
                };
                let y = turn(a, 1) * turn(b, 2) - turn(a, 2) * turn(b, 1);
                self.set(&d.out, y)
            }
            Op::Random(d) => self.random(d),
            Op::Quantize(_) | Op::Dequantize(_) => {
                Err(unsupported(op, "quantized tensors carry no derivative; trace the float model"))
            }
            Op::GridSample2d(_) => Err(unsupported(op, "it has no lowering yet; sample by `gather` instead")),
            #[allow(unreachable_patterns)] // A later version of Burn may have more of them.
            op => Err(unknown(op)),
        }
    }

    pub(super) fn matmul(&mut self, d: &MatmulOpIr) -> Result<()> {
        let y = self.get(&d.lhs)?.matmul(self.get(&d.rhs)?);
        self.set(&d.out, y)
    }

    pub(super) fn int(&mut self, op: &IntOperationIr) -> Result<()> {
        use IntOperationIr as Op;
        match op {
            Op::IntoFloat(d) => {
                let y = self.get(&d.input)?.convert(d.out.dtype);
                self.set(&d.out, y)
            }
            Op::BitwiseAnd(d) => self.binary(Elementwise::BitAnd, &d.lhs, &d.rhs, &d.out),
            Op::BitwiseOr(d) => self.binary(Elementwise::BitOr, &d.lhs, &d.rhs, &d.out),
            Op::BitwiseXor(d) => self.binary(Elementwise::BitXor, &d.lhs, &d.rhs, &d.out),
            Op::BitwiseLeftShift(d) => self.binary(Elementwise::Shl, &d.lhs, &d.rhs, &d.out),
            Op::BitwiseRightShift(d) => self.binary(Elementwise::Shr, &d.lhs, &d.rhs, &d.out),
            Op::BitwiseAndScalar(d) => self.scalar(Elementwise::BitAnd, &d.lhs, d.rhs, &d.out),
            Op::BitwiseOrScalar(d) => self.scalar(Elementwise::BitOr, &d.lhs, d.rhs, &d.out),
            Op::BitwiseXorScalar(d) => self.scalar(Elementwise::BitXor, &d.lhs, d.rhs, &d.out),
            Op::BitwiseLeftShiftScalar(d) => self.scalar(Elementwise::Shl, &d.lhs, d.rhs, &d.out),
            Op::BitwiseRightShiftScalar(d) => self.scalar(Elementwise::Shr, &d.lhs, d.rhs, &d.out),
            Op::BitwiseNot(d) => self.unary(Elementwise::BitNot, &d.input, &d.out),
            Op::Matmul(d) => self.matmul(d),
            #[allow(unreachable_patterns)] // A later version of Burn may have more of them.
            op => Err(unknown(op)),
        }
    }

    pub(super) fn bool(&mut self, op: &BoolOperationIr) -> Result<()> {
        use BoolOperationIr as Op;
        match op {
            Op::IntoFloat(d) | Op::IntoInt(d) => {
                let y = self.get(&d.input)?.convert(d.out.dtype);
                self.set(&d.out, y)
            }
            Op::Not(d) => self.unary(Elementwise::Not, &d.input, &d.out),
            Op::And(d) => self.binary(Elementwise::And, &d.lhs, &d.rhs, &d.out),
            Op::Or(d) => self.binary(Elementwise::Or, &d.lhs, &d.rhs, &d.out),
            Op::Xor(d) => self.binary(Elementwise::Xor, &d.lhs, &d.rhs, &d.out),
            #[allow(unreachable_patterns)] // A later version of Burn may have more of them.
            op => Err(unknown(op)),
        }
    }
}
