//! Operations on constants, with the bits that running them gives. What could come out otherwise on a device is not
//! folded: elementary functions, which kernels round in their own ways, and arithmetic in half precision.

use burn::tensor::DType;

use super::Elementwise;
use crate::ir::Literal;

/// The result of an operation on constants of element type `dtype`; `None` where it is left to the device.
pub(super) fn fold(op: Elementwise, args: &[Literal], dtype: DType) -> Option<Literal> {
    if dtype.is_bool() {
        let truth = |k: usize| args[k].value() != 0.0;
        return Some(Literal::Bool(match op {
            Elementwise::Not => !truth(0),
            Elementwise::And => truth(0) && truth(1),
            Elementwise::Or => truth(0) || truth(1),
            Elementwise::Xor | Elementwise::Ne => truth(0) != truth(1),
            Elementwise::Eq => truth(0) == truth(1),
            _ => return None,
        }));
    }
    if dtype.is_float() { of_floats(op, args, dtype) } else { of_whole_numbers(op, args, dtype) }
}

fn compared<T: PartialOrd>(op: Elementwise, x: T, y: T) -> Option<Literal> {
    Some(Literal::Bool(match op {
        Elementwise::Eq => x == y,
        Elementwise::Ne => x != y,
        Elementwise::Lt => x < y,
        Elementwise::Le => x <= y,
        Elementwise::Gt => x > y,
        Elementwise::Ge => x >= y,
        _ => return None,
    }))
}

fn of_floats(op: Elementwise, args: &[Literal], dtype: DType) -> Option<Literal> {
    let values: Vec<f64> = args.iter().map(|a| a.value()).collect();
    if let [x, y] = values[..]
        && let Some(truth) = compared(op, x, y)
    {
        return Some(truth);
    }
    // An operation on two numbers of f32 that is rounded to f64 and then to f32 is rounded as if once.
    let rounds_once = matches!(dtype, DType::F32 | DType::F64);
    let is_exact = matches!(
        op,
        Elementwise::Neg
            | Elementwise::Abs
            | Elementwise::Sign
            | Elementwise::Relu
            | Elementwise::Round
            | Elementwise::Floor
            | Elementwise::Ceil
            | Elementwise::Trunc
    );
    let is_arithmetic = matches!(
        op,
        Elementwise::Add
            | Elementwise::Sub
            | Elementwise::Mul
            | Elementwise::Div
            | Elementwise::Rem
            | Elementwise::Recip
            | Elementwise::Sqrt
    ) && rounds_once;
    (is_exact || is_arithmetic).then(|| Literal::rounded_to((op.row().value)(&values), dtype))
}

/// Whole numbers wrap around as they do on every device; a division by zero and what else is undefined is left to it.
fn of_whole_numbers(op: Elementwise, args: &[Literal], dtype: DType) -> Option<Literal> {
    let bits = match dtype {
        DType::I64 => 64,
        DType::I32 | DType::U32 => 32,
        DType::I16 | DType::U16 => 16,
        DType::I8 | DType::U8 => 8,
        // Half of its numbers are no literals.
        _ => return None,
    };
    let whole = |k: usize| match args[k] {
        Literal::Int(i) => Some(i),
        _ => None,
    };
    let x = whole(0)?;
    if args.len() == 1 {
        let value = match op {
            Elementwise::Neg => x.wrapping_neg(),
            Elementwise::Abs => x.wrapping_abs(),
            Elementwise::Sign => x.signum(),
            Elementwise::BitNot => !x,
            _ => return None,
        };
        return Some(Literal::whole(value, dtype));
    }
    let y = whole(1)?;
    if let Some(truth) = compared(op, x, y) {
        return Some(truth);
    }
    let value = match op {
        Elementwise::Add => x.wrapping_add(y),
        Elementwise::Sub => x.wrapping_sub(y),
        Elementwise::Mul => x.wrapping_mul(y),
        Elementwise::Div if y != 0 => x.wrapping_div(y),
        Elementwise::Rem if y != 0 => match x.wrapping_rem(y) {
            r if r != 0 && (r < 0) != (y < 0) => r.wrapping_add(y),
            r => r,
        },
        Elementwise::BitAnd => x & y,
        Elementwise::BitOr => x | y,
        Elementwise::BitXor => x ^ y,
        Elementwise::Shl if (0..bits).contains(&y) => x.wrapping_shl(y as u32),
        Elementwise::Shr if (0..bits).contains(&y) => x.wrapping_shr(y as u32),
        _ => return None,
    };
    Some(Literal::whole(value, dtype))
}
