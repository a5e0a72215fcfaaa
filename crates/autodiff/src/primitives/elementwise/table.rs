use burn::tensor::DType;
use burn_backend::TensorMetadata;
use burn_backend::ops::{ActivationOps, BoolTensorOps, FloatTensorOps, IntTensorOps};

use super::{Class, Row, run::Run};
use crate::device::{B, Handle};

macro_rules! table {
    ($($(#[$doc:meta])* $Name:ident: $class:ident, $text:literal, $run:expr, $value:expr,
       [$($tangent:expr),*], [$($domain:expr),*];)*) => {
        /// An elementwise primitive.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Elementwise {
            $($(#[$doc])* $Name,)*
        }

        impl Elementwise {
            /// Every elementwise primitive, in the order of the table.
            pub const ALL: &[Elementwise] = &[$(Elementwise::$Name),*];

            /// For each operand, an interval inside the domain and away from kinks; tests sample it.
            pub fn domain(self) -> &'static [(f64, f64)] {
                self.row().domain
            }

            pub(crate) fn row(self) -> &'static Row {
                match self {
                    $(Elementwise::$Name => {
                        const ROW: Row = Row {
                            name: $text,
                            class: Class::$class,
                            value: $value,
                            tangents: &[$($tangent),*],
                            run: $run,
                            domain: &[$($domain),*],
                        };
                        &ROW
                    })*
                }
            }
        }
    };
}

const TAU: f64 = std::f64::consts::TAU;

fn truth(b: bool) -> f64 {
    f64::from(u8::from(b))
}

/// Burn's own, but in f64, where its default implementation computes in f32.
fn sigmoid(x: Handle) -> Handle {
    match x.dtype() {
        DType::F64 => B::float_recip(B::float_add_scalar(B::float_exp(B::float_neg(x)), 1.0.into())),
        _ => B::sigmoid(x),
    }
}

/// Sign with 0 at 0 and for NaN.
fn sign(x: f64) -> f64 {
    if x == 0.0 || x.is_nan() { 0.0 } else { x.signum() }
}

/// The remainder with the sign of the divisor.
fn remainder(x: f64, y: f64) -> f64 {
    let r = x % y;
    if r != 0.0 && (r < 0.0) != (y < 0.0) { r + y } else { r }
}

// name: class, text, how Burn runs it, value, [tangents per operand], [domain per operand]
// A tangent is `|x, y, t|` with the operands `x`, the result `y` and the operand's tangent `t`, and is linear in `t`.
table! {
    /// `x + y`.
    Add: Number, "add", Run::number2(B::float_add, B::int_add, B::float_add_scalar, B::int_add_scalar),
        |x| x[0] + x[1], [Some(|_, _, t| t), Some(|_, _, t| t)], [(-2.0, 2.0), (-2.0, 2.0)];
    /// `x − y`.
    Sub: Number, "sub", Run::number2(B::float_sub, B::int_sub, B::float_sub_scalar, B::int_sub_scalar),
        |x| x[0] - x[1], [Some(|_, _, t| t), Some(|_, _, t| -t)], [(-2.0, 2.0), (-2.0, 2.0)];
    /// `x · y`.
    Mul: Number, "mul", Run::number2(B::float_mul, B::int_mul, B::float_mul_scalar, B::int_mul_scalar),
        |x| x[0] * x[1], [Some(|x, _, t| t * x[1]), Some(|x, _, t| x[0] * t)], [(-2.0, 2.0), (-2.0, 2.0)];
    /// `x / y`; of whole numbers, rounded towards zero.
    Div: Number, "div", Run::number2(B::float_div, B::int_div, B::float_div_scalar, B::int_div_scalar),
        |x| x[0] / x[1], [Some(|x, _, t| t / x[1]), Some(|x, y, t| -(t * (y / x[1])))], [(-2.0, 2.0), (0.5, 2.0)];
    /// The remainder of `x / y` with the sign of `y`, exact.
    Rem: Number, "rem",
        Run::number2(B::float_remainder, B::int_remainder, B::float_remainder_scalar, B::int_remainder_scalar),
        |x| remainder(x[0], x[1]),
        [Some(|_, _, t| t), Some(|x, _, t| -(t * (x[0] / x[1]).unary(Elementwise::Floor)))], [(2.1, 2.9), (1.0, 1.04)];
    /// `xʸ`.
    Pow: Float, "pow", Run::Binary {
            float: Some(B::float_powf), int: None, bool: None, scalar: [Some(B::float_powf_scalar), None],
        }, |x| x[0].powf(x[1]),
        [Some(|x, _, t| t * (x[1] * x[0].binary(Elementwise::Pow, x[1] - 1.0))), Some(|x, y, t| t * (y * x[0].unary(Elementwise::Log)))],
        [(0.5, 2.0), (-2.0, 3.0)];
    /// Angle of the point (second operand, first operand).
    Atan2: Float, "atan2", Run::float2(B::float_atan2), |x| x[0].atan2(x[1]),
        [Some(|x, _, t| t * (x[1] / (x[0].square() + x[1].square()))),
         Some(|x, _, t| -(t * (x[0] / (x[0].square() + x[1].square()))))], [(0.5, 2.0), (0.5, 2.0)];
    /// `√(x² + y²)`.
    Hypot: Float, "hypot", Run::float2(B::float_hypot), |x| x[0].hypot(x[1]),
        [Some(|x, y, t| t * (x[0] / y)), Some(|x, y, t| t * (x[1] / y))], [(0.5, 2.0), (0.5, 2.0)];
    /// `−x`.
    Neg: Number, "neg", Run::number1(B::float_neg, B::int_neg), |x| -x[0], [Some(|_, _, t| -t)], [(-2.0, 2.0)];
    /// `|x|`; derivative 0 at 0.
    Abs: Number, "abs", Run::number1(B::float_abs, B::int_abs), |x| x[0].abs(),
        [Some(|x, _, t| t * x[0].unary(Elementwise::Sign))], [(0.5, 2.0)];
    /// −1, 0 or 1, and 0 for NaN; derivative 0.
    Sign: Number, "sign", Run::number1(B::float_sign, B::int_sign), |x| sign(x[0]), [None], [(0.5, 2.0)];
    /// `1 / x`.
    Recip: Float, "recip", Run::float1(B::float_recip), |x| 1.0 / x[0],
        [Some(|_, y, t| -(t * y.square()))], [(0.5, 2.0)];
    /// `√x`.
    Sqrt: Float, "sqrt", Run::float1(B::float_sqrt), |x| x[0].sqrt(),
        [Some(|_, y, t| t * (0.5 / y))], [(0.5, 2.0)];
    /// `eˣ`.
    Exp: Float, "exp", Run::float1(B::float_exp), |x| x[0].exp(), [Some(|_, y, t| t * y)], [(-2.0, 2.0)];
    /// Natural logarithm.
    Log: Float, "log", Run::float1(B::float_log), |x| x[0].ln(), [Some(|x, _, t| t / x[0])], [(0.5, 2.0)];
    /// `ln(1 + x)`, accurate near 0.
    Log1p: Float, "log1p", Run::float1(B::float_log1p), |x| x[0].ln_1p(),
        [Some(|x, _, t| t / (x[0] + 1.0))], [(-0.5, 2.0)];
    /// Sine.
    Sin: Float, "sin", Run::float1(B::float_sin), |x| x[0].sin(),
        [Some(|x, _, t| t * x[0].unary(Elementwise::Cos))], [(-2.0, 2.0)];
    /// Cosine.
    Cos: Float, "cos", Run::float1(B::float_cos), |x| x[0].cos(),
        [Some(|x, _, t| -(t * x[0].unary(Elementwise::Sin)))], [(-2.0, 2.0)];
    /// Tangent.
    Tan: Float, "tan", Run::float1(B::float_tan), |x| x[0].tan(),
        [Some(|_, y, t| t * (y.square() + 1.0))], [(-1.0, 1.0)];
    /// Inverse sine.
    Asin: Float, "asin", Run::float1(B::float_asin), |x| x[0].asin(),
        [Some(|x, _, t| t / (1.0 - x[0].square()).unary(Elementwise::Sqrt))], [(-0.8, 0.8)];
    /// Inverse cosine.
    Acos: Float, "acos", Run::float1(B::float_acos), |x| x[0].acos(),
        [Some(|x, _, t| -(t / (1.0 - x[0].square()).unary(Elementwise::Sqrt)))], [(-0.8, 0.8)];
    /// Inverse tangent.
    Atan: Float, "atan", Run::float1(B::float_atan), |x| x[0].atan(),
        [Some(|x, _, t| t / (x[0].square() + 1.0))], [(-2.0, 2.0)];
    /// Hyperbolic sine.
    Sinh: Float, "sinh", Run::float1(B::float_sinh), |x| x[0].sinh(),
        [Some(|x, _, t| t * x[0].unary(Elementwise::Cosh))], [(-2.0, 2.0)];
    /// Hyperbolic cosine.
    Cosh: Float, "cosh", Run::float1(B::float_cosh), |x| x[0].cosh(),
        [Some(|x, _, t| t * x[0].unary(Elementwise::Sinh))], [(-2.0, 2.0)];
    /// Hyperbolic tangent.
    Tanh: Float, "tanh", Run::float1(B::float_tanh), |x| x[0].tanh(),
        [Some(|_, y, t| t * (1.0 - y.square()))], [(-2.0, 2.0)];
    /// Inverse hyperbolic sine.
    Asinh: Float, "asinh", Run::float1(B::float_asinh), |x| x[0].asinh(),
        [Some(|x, _, t| t / (x[0].square() + 1.0).unary(Elementwise::Sqrt))], [(-2.0, 2.0)];
    /// Inverse hyperbolic cosine.
    Acosh: Float, "acosh", Run::float1(B::float_acosh), |x| x[0].acosh(),
        [Some(|x, _, t| t / (x[0].square() - 1.0).unary(Elementwise::Sqrt))], [(1.5, 3.0)];
    /// Inverse hyperbolic tangent.
    Atanh: Float, "atanh", Run::float1(B::float_atanh), |x| x[0].atanh(),
        [Some(|x, _, t| t / (1.0 - x[0].square()))], [(-0.8, 0.8)];
    /// Gauss's error function, `2/√π ∫₀ˣ exp(−s²) ds`.
    Erf: Float, "erf", Run::float1(B::float_erf), |x| libm::erf(x[0]),
        [Some(|x, _, t| t * ((-x[0].square()).unary(Elementwise::Exp) * (8.0 / TAU).sqrt()))], [(-2.0, 2.0)];
    /// `1 / (1 + e⁻ˣ)`.
    Sigmoid: Float, "sigmoid", Run::float1(sigmoid), |x| 1.0 / (1.0 + (-x[0]).exp()),
        [Some(|_, y, t| t * (y * (1.0 - y)))], [(-2.0, 2.0)];
    /// `−ln(1 + e⁻ˣ)`.
    LogSigmoid: Float, "log_sigmoid", Run::float1(B::log_sigmoid), |x| x[0].min(0.0) - (-x[0].abs()).exp().ln_1p(),
        [Some(|x, _, t| t * (-x[0]).unary(Elementwise::Sigmoid))], [(-2.0, 2.0)];
    /// `max(x, 0)`; derivative 0 at 0.
    Relu: Float, "relu", Run::float1(B::relu), |x| if x[0].is_nan() || x[0] > 0.0 { x[0] } else { 0.0 },
        [Some(|_, y, t| y.binary(Elementwise::Le, y.zeros()).select(t.zeros(), t))], [(0.5, 2.0)];
    /// To the nearest whole number, ties to even; derivative 0.
    Round: Float, "round", Run::float1(B::float_round), |x| x[0].round_ties_even(), [None], [(0.1, 0.4)];
    /// To the next whole number below; derivative 0.
    Floor: Float, "floor", Run::float1(B::float_floor), |x| x[0].floor(), [None], [(0.1, 0.9)];
    /// To the next whole number above; derivative 0.
    Ceil: Float, "ceil", Run::float1(B::float_ceil), |x| x[0].ceil(), [None], [(0.1, 0.9)];
    /// To the next whole number towards zero; derivative 0.
    Trunc: Float, "trunc", Run::float1(B::float_trunc), |x| x[0].trunc(), [None], [(0.1, 0.9)];
    /// Whether the operands are equal.
    Eq: Compare, "eq", Run::Compare {
            float: B::float_equal, int: B::int_equal, bool: Some(B::bool_equal),
            scalar: [B::float_equal_elem, B::int_equal_elem],
        }, |x| truth(x[0] == x[1]), [None, None], [(-2.0, 2.0), (-2.0, 2.0)];
    /// Whether the operands differ.
    Ne: Compare, "ne", Run::Compare {
            float: B::float_not_equal, int: B::int_not_equal, bool: Some(B::bool_not_equal),
            scalar: [B::float_not_equal_elem, B::int_not_equal_elem],
        }, |x| truth(x[0] != x[1]), [None, None], [(-2.0, 2.0), (-2.0, 2.0)];
    /// `x < y`.
    Lt: Compare, "lt", Run::compare(B::float_lower, B::int_lower, B::float_lower_elem, B::int_lower_elem),
        |x| truth(x[0] < x[1]), [None, None], [(-2.0, 2.0), (-2.0, 2.0)];
    /// `x ≤ y`.
    Le: Compare, "le",
        Run::compare(B::float_lower_equal, B::int_lower_equal, B::float_lower_equal_elem, B::int_lower_equal_elem),
        |x| truth(x[0] <= x[1]), [None, None], [(-2.0, 2.0), (-2.0, 2.0)];
    /// `x > y`.
    Gt: Compare, "gt", Run::compare(B::float_greater, B::int_greater, B::float_greater_elem, B::int_greater_elem),
        |x| truth(x[0] > x[1]), [None, None], [(-2.0, 2.0), (-2.0, 2.0)];
    /// `x ≥ y`.
    Ge: Compare, "ge", Run::compare(
            B::float_greater_equal, B::int_greater_equal, B::float_greater_equal_elem, B::int_greater_equal_elem,
        ), |x| truth(x[0] >= x[1]), [None, None], [(-2.0, 2.0), (-2.0, 2.0)];
    /// Negation of a truth value.
    Not: Bool, "not", Run::logic1(B::bool_not), |x| 1.0 - x[0], [None], [(0.0, 1.0)];
    /// Conjunction.
    And: Bool, "and", Run::logic2(B::bool_and), |x| x[0] * x[1], [None, None], [(0.0, 1.0), (0.0, 1.0)];
    /// Disjunction.
    Or: Bool, "or", Run::logic2(B::bool_or), |x| x[0].max(x[1]), [None, None], [(0.0, 1.0), (0.0, 1.0)];
    /// Exclusive disjunction.
    Xor: Bool, "xor", Run::logic2(B::bool_xor), |x| (x[0] - x[1]).abs(), [None, None], [(0.0, 1.0), (0.0, 1.0)];
    /// Bitwise and.
    BitAnd: Int, "bit_and", Run::whole2(B::bitwise_and, B::bitwise_and_scalar),
        |x| (x[0] as i64 & x[1] as i64) as f64, [None, None], [(0.0, 9.0), (0.0, 9.0)];
    /// Bitwise or.
    BitOr: Int, "bit_or", Run::whole2(B::bitwise_or, B::bitwise_or_scalar),
        |x| (x[0] as i64 | x[1] as i64) as f64, [None, None], [(0.0, 9.0), (0.0, 9.0)];
    /// Bitwise exclusive or.
    BitXor: Int, "bit_xor", Run::whole2(B::bitwise_xor, B::bitwise_xor_scalar),
        |x| (x[0] as i64 ^ x[1] as i64) as f64, [None, None], [(0.0, 9.0), (0.0, 9.0)];
    /// Bitwise negation.
    BitNot: Int, "bit_not", Run::whole1(B::bitwise_not), |x| !(x[0] as i64) as f64, [None], [(0.0, 9.0)];
    /// Shift to the left.
    Shl: Int, "shl", Run::whole2(B::bitwise_left_shift, B::bitwise_left_shift_scalar),
        |x| ((x[0] as i64) << (x[1] as i64)) as f64, [None, None], [(0.0, 9.0), (0.0, 3.0)];
    /// Shift to the right.
    Shr: Int, "shr", Run::whole2(B::bitwise_right_shift, B::bitwise_right_shift_scalar),
        |x| ((x[0] as i64) >> (x[1] as i64)) as f64, [None, None], [(0.0, 9.0), (0.0, 3.0)];
    /// Whole number to a whole power.
    IntPow: Int, "int_pow", Run::whole2(B::int_powi, B::int_powi_scalar),
        |x| x[0].powf(x[1]), [None, None], [(0.0, 9.0), (0.0, 3.0)];
    /// The second operand where the first is true, else the third.
    Select: Select, "select", Run::Select, |x| if x[0] != 0.0 { x[1] } else { x[2] }, [
            None,
            Some(|x, _, t| x[0].select(t, t.zeros())),
            Some(|x, _, t| x[0].select(t.zeros(), t))
        ], [(0.0, 1.0), (-2.0, 2.0), (-2.0, 2.0)];
}
