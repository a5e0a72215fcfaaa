//! What each elementwise primitive computes for one lane.
//!
//! An operation is right for every input but those that its guard (`unless`) names; the loops hand those to the
//! exact version. Adding an elementwise primitive to the graph needs an operation here and its line in `table.rs`.

use crate::kernels::float::Float;
use crate::kernels::math::{single, wide};

/// A function of one value.
pub(crate) trait Unary<T, U> {
    const GUARDED: bool = false;
    /// Whether it divides or takes roots and does little else; see `Body::NARROW`.
    const DIVIDES: bool = false;
    fn apply<const F: bool>(x: T) -> U;
    fn guard(_x: T) -> bool {
        false
    }
    fn exact(x: T) -> U {
        Self::apply::<false>(x)
    }
}

/// A function of two values.
pub(crate) trait Binary<T, U> {
    const GUARDED: bool = false;
    /// Whether it divides and does little else; see `Body::NARROW`.
    const DIVIDES: bool = false;
    fn apply<const F: bool>(x: T, y: T) -> U;
    fn guard(_x: T, _y: T) -> bool {
        false
    }
    fn exact(x: T, y: T) -> U {
        Self::apply::<false>(x, y)
    }
}

/// A function of three values, the first of another type where it selects.
pub(crate) trait Ternary<S, T> {
    fn apply<const F: bool>(x: S, y: T, z: T) -> T;
}

macro_rules! unary {
    ($($Name:ident $($divides:ident)? { $($T:ty => $U:ty: |$x:ident| $value:expr
        $(, unless |$g:ident| $guard:expr, $exact:expr)?;)* })*) => {$(
        pub(crate) struct $Name;
        unary!(@each $Name ($($divides)?) { $($T => $U: |$x| $value $(, unless |$g| $guard, $exact)?;)* });
    )*};
    (@each $Name:ident $divides:tt { $($T:ty => $U:ty: |$x:ident| $value:expr
        $(, unless |$g:ident| $guard:expr, $exact:expr)?;)* }) => {$(
        impl Unary<$T, $U> for $Name {
            const DIVIDES: bool = divides!($divides);
            #[inline(always)]
            fn apply<const F: bool>($x: $T) -> $U {
                $value
            }
            $(
                const GUARDED: bool = true;
                #[inline(always)]
                fn guard($g: $T) -> bool {
                    $guard
                }
                fn exact($g: $T) -> $U {
                    $exact
                }
            )?
        }
    )*};
}

macro_rules! divides {
    (()) => {
        false
    };
    ((divides)) => {
        true
    };
}

macro_rules! binary {
    ($($Name:ident $($divides:ident)? { $($T:ty => $U:ty: |$x:ident, $y:ident| $value:expr
        $(, unless |$g:ident, $h:ident| $guard:expr, $exact:expr)?;)* })*) => {$(
        pub(crate) struct $Name;
        binary!(@each $Name ($($divides)?) { $($T => $U: |$x, $y| $value $(, unless |$g, $h| $guard, $exact)?;)* });
    )*};
    (@each $Name:ident $divides:tt { $($T:ty => $U:ty: |$x:ident, $y:ident| $value:expr
        $(, unless |$g:ident, $h:ident| $guard:expr, $exact:expr)?;)* }) => {$(
        impl Binary<$T, $U> for $Name {
            const DIVIDES: bool = divides!($divides);
            #[inline(always)]
            fn apply<const F: bool>($x: $T, $y: $T) -> $U {
                $value
            }
            $(
                const GUARDED: bool = true;
                #[inline(always)]
                fn guard($g: $T, $h: $T) -> bool {
                    $guard
                }
                fn exact($g: $T, $h: $T) -> $U {
                    $exact
                }
            )?
        }
    )*};
}

fn outside(x: f64, limit: f64) -> bool {
    // NaN is outside as well.
    !matches!(x.abs().partial_cmp(&limit), Some(std::cmp::Ordering::Less | std::cmp::Ordering::Equal))
}

fn wide_angle(x: f32) -> bool {
    outside(f64::from(x), wide::LARGEST_ANGLE)
}

fn sign<T: PartialOrd + Default + Copy>(x: T, minus: T, one: T) -> T {
    let zero = T::default();
    if x > zero {
        one
    } else if x < zero {
        minus
    } else {
        zero
    }
}

/// The remainder with the sign of the divisor.
macro_rules! float_remainder {
    ($x:ident, $y:ident) => {{
        let r = $x % $y;
        if r != 0.0 && (r < 0.0) != ($y < 0.0) { r + $y } else { r }
    }};
}

unary! {
    Neg { f32 => f32: |x| -x; f64 => f64: |x| -x; i32 => i32: |x| x.wrapping_neg(); i64 => i64: |x| x.wrapping_neg(); }
    Abs { f32 => f32: |x| x.abs(); f64 => f64: |x| x.abs(); i32 => i32: |x| x.wrapping_abs();
        i64 => i64: |x| x.wrapping_abs(); }
    Sign { f32 => f32: |x| sign(x, -1.0, 1.0); f64 => f64: |x| sign(x, -1.0, 1.0); i32 => i32: |x| sign(x, -1, 1);
        i64 => i64: |x| sign(x, -1, 1); }
    Recip divides { f32 => f32: |x| 1.0 / x; f64 => f64: |x| 1.0 / x; }
    Sqrt divides { f32 => f32: |x| x.sqrt(); f64 => f64: |x| x.sqrt(); }
    Exp { f32 => f32: |x| single::exp::<F>(x); f64 => f64: |x| wide::exp::<F>(x), unless |x| outside(x, 700.0), libm::exp(x); }
    Log { f32 => f32: |x| single::log::<F>(x);
        f64 => f64: |x| wide::log::<F>(x), unless |x| !(f64::MIN_POSITIVE..=f64::MAX).contains(&x), libm::log(x); }
    Log1p { f32 => f32: |x| single::log1p::<F>(x);
        f64 => f64: |x| wide::log1p::<F>(x), unless |x| !(-0.999..=1e300).contains(&x), libm::log1p(x); }
    Sin { f32 => f32: |x| single::sin::<F>(x), unless |x| wide_angle(x), libm::sin(f64::from(x)) as f32;
        f64 => f64: |x| wide::sin_cos::<F>(x).0, unless |x| outside(x, wide::LARGEST_ANGLE) || x == 0.0, libm::sin(x); }
    Cos { f32 => f32: |x| single::cos::<F>(x), unless |x| wide_angle(x), libm::cos(f64::from(x)) as f32;
        f64 => f64: |x| wide::sin_cos::<F>(x).1, unless |x| outside(x, wide::LARGEST_ANGLE), libm::cos(x); }
    Tan { f32 => f32: |x| single::tan::<F>(x), unless |x| wide_angle(x), libm::tan(f64::from(x)) as f32;
        f64 => f64: |x| libm::tan(x); }
    Asin { f32 => f32: |x| single::asin::<F>(x); f64 => f64: |x| libm::asin(x); }
    Acos { f32 => f32: |x| single::acos::<F>(x); f64 => f64: |x| libm::acos(x); }
    Atan { f32 => f32: |x| single::atan::<F>(x); f64 => f64: |x| libm::atan(x); }
    Sinh { f32 => f32: |x| single::sinh::<F>(x); f64 => f64: |x| libm::sinh(x); }
    Cosh { f32 => f32: |x| single::cosh::<F>(x); f64 => f64: |x| libm::cosh(x); }
    Tanh { f32 => f32: |x| single::tanh::<F>(x); f64 => f64: |x| wide::tanh::<F>(x); }
    Asinh { f32 => f32: |x| single::asinh::<F>(x); f64 => f64: |x| libm::asinh(x); }
    Acosh { f32 => f32: |x| single::acosh::<F>(x); f64 => f64: |x| wide::acosh(x); }
    Atanh { f32 => f32: |x| single::atanh::<F>(x); f64 => f64: |x| libm::atanh(x); }
    Erf { f32 => f32: |x| single::erf::<F>(x); f64 => f64: |x| libm::erf(x); }
    Sigmoid { f32 => f32: |x| single::sigmoid::<F>(x);
        f64 => f64: |x| wide::sigmoid::<F>(x), unless |x| outside(x, 700.0),
            if x < 0.0 { libm::exp(x) } else { 1.0 / (1.0 + libm::exp(-x)) }; }
    LogSigmoid { f32 => f32: |x| single::log_sigmoid::<F>(x);
        f64 => f64: |x| wide::log_sigmoid::<F>(x), unless |x| outside(x, 700.0), x.min(0.0) - libm::log1p(libm::exp(-x.abs())); }
    Relu { f32 => f32: |x| if x < 0.0 { 0.0 } else { x }; f64 => f64: |x| if x < 0.0 { 0.0 } else { x }; }
    Round { f32 => f32: |x| x.round_ties_even(); f64 => f64: |x| x.round_ties_even(); }
    Floor { f32 => f32: |x| x.floor(); f64 => f64: |x| x.floor(); }
    Ceil { f32 => f32: |x| x.ceil(); f64 => f64: |x| x.ceil(); }
    Trunc { f32 => f32: |x| x.trunc(); f64 => f64: |x| x.trunc(); }
    Not { u8 => u8: |x| x ^ 1; }
    BitNot { i32 => i32: |x| !x; i64 => i64: |x| !x; }
}

/// Copies, and changes between element types as Rust's `as` does.
pub(crate) struct Cast;
macro_rules! casts {
    ($($T:ty => [$($U:ty)*];)*) => {$($(
        impl Unary<$T, $U> for Cast {
            #[inline(always)]
            fn apply<const F: bool>(x: $T) -> $U {
                x as $U
            }
        }
    )*)*};
}
casts! {
    f32 => [f32 f64 i32 i64]; f64 => [f32 f64 i32 i64]; i32 => [f32 f64 i32 i64]; i64 => [f32 f64 i32 i64];
    u8 => [f32 f64 i32 i64 u8];
}

/// A truth value from a number: whether it differs from zero.
pub(crate) struct Truth;
macro_rules! truths {
    ($($T:ty)*) => {$(
        impl Unary<$T, u8> for Truth {
            #[inline(always)]
            fn apply<const F: bool>(x: $T) -> u8 {
                u8::from(x != <$T>::default())
            }
        }
    )*};
}
truths! { f32 f64 i32 i64 }

binary! {
    Add { f32 => f32: |x, y| x + y; f64 => f64: |x, y| x + y; i32 => i32: |x, y| x.wrapping_add(y);
        i64 => i64: |x, y| x.wrapping_add(y); }
    Sub { f32 => f32: |x, y| x - y; f64 => f64: |x, y| x - y; i32 => i32: |x, y| x.wrapping_sub(y);
        i64 => i64: |x, y| x.wrapping_sub(y); }
    Mul { f32 => f32: |x, y| x * y; f64 => f64: |x, y| x * y; i32 => i32: |x, y| x.wrapping_mul(y);
        i64 => i64: |x, y| x.wrapping_mul(y); }
    Div divides { f32 => f32: |x, y| x / y; f64 => f64: |x, y| x / y; i32 => i32: |x, y| x.checked_div(y).unwrap_or(0);
        i64 => i64: |x, y| x.checked_div(y).unwrap_or(0); }
    Rem { f32 => f32: |x, y| float_remainder!(x, y); f64 => f64: |x, y| float_remainder!(x, y);
        i32 => i32: |x, y| floored_rem(i64::from(x), i64::from(y)) as i32; i64 => i64: |x, y| floored_rem(x, y); }
    Pow { f32 => f32: |x, y| single::pow::<F>(x, y),
            unless |x, y| !(x > 0.0 && x < f32::INFINITY && y.is_finite()), libm::pow(f64::from(x), f64::from(y)) as f32;
        f64 => f64: |x, y| libm::pow(x, y); }
    Atan2 { f32 => f32: |x, y| single::atan2::<F>(x, y),
            unless |x, y| !x.is_finite() || !y.is_finite() || x == 0.0 || y == 0.0,
            libm::atan2(f64::from(x), f64::from(y)) as f32;
        f64 => f64: |x, y| libm::atan2(x, y); }
    Hypot { f32 => f32: |x, y| single::hypot(x, y),
            unless |x, y| !x.is_finite() || !y.is_finite(), libm::hypot(f64::from(x), f64::from(y)) as f32;
        f64 => f64: |x, y| libm::hypot(x, y); }
    And { u8 => u8: |x, y| x & y; }
    Or { u8 => u8: |x, y| x | y; }
    Xor { u8 => u8: |x, y| x ^ y; }
    BitAnd { i32 => i32: |x, y| x & y; i64 => i64: |x, y| x & y; }
    BitOr { i32 => i32: |x, y| x | y; i64 => i64: |x, y| x | y; }
    BitXor { i32 => i32: |x, y| x ^ y; i64 => i64: |x, y| x ^ y; }
    Shl { i32 => i32: |x, y| x.wrapping_shl(y as u32); i64 => i64: |x, y| x.wrapping_shl(y as u32); }
    Shr { i32 => i32: |x, y| x.wrapping_shr(y as u32); i64 => i64: |x, y| x.wrapping_shr(y as u32); }
    IntPow { i32 => i32: |x, y| x.wrapping_pow(y as u32); i64 => i64: |x, y| x.wrapping_pow(y as u32); }
}

/// Remainder with the sign of the divisor; of zero, zero.
fn floored_rem(x: i64, y: i64) -> i64 {
    match x.checked_rem(y) {
        Some(r) if r != 0 && (r < 0) != (y < 0) => r + y,
        Some(r) => r,
        None => 0,
    }
}

macro_rules! comparison {
    ($Name:ident |$x:ident, $y:ident| $value:expr; $($T:ty)*) => {$(
        impl Binary<$T, u8> for $Name {
            #[inline(always)]
            fn apply<const F: bool>($x: $T, $y: $T) -> u8 {
                u8::from($value)
            }
        }
    )*};
}

macro_rules! comparisons {
    ($($Name:ident |$x:ident, $y:ident| $value:expr;)*) => {$(
        pub(crate) struct $Name;
        comparison!($Name |$x, $y| $value; f32 f64 i32 i64 u8);
    )*};
}
comparisons! {
    Eq |x, y| x == y; Ne |x, y| x != y; Lt |x, y| x < y; Le |x, y| x <= y; Gt |x, y| x > y; Ge |x, y| x >= y;
}

/// The second operand where the first is true, else the third.
pub(crate) struct Select;
/// `x·y + z`, rounded once where the CPU can.
pub(crate) struct MulAdd;
/// `z − x·y`, rounded once where the CPU can.
pub(crate) struct NegMulAdd;

macro_rules! select {
    ($($T:ty)*) => {$(
        impl Ternary<u8, $T> for Select {
            #[inline(always)]
            fn apply<const F: bool>(x: u8, y: $T, z: $T) -> $T {
                if x != 0 { y } else { z }
            }
        }
    )*};
}
select! { f32 f64 i32 i64 u8 }

macro_rules! fused {
    ($($T:ty)*) => {$(
        impl Ternary<$T, $T> for MulAdd {
            #[inline(always)]
            fn apply<const F: bool>(x: $T, y: $T, z: $T) -> $T {
                x.fused_mul_add::<F>(y, z)
            }
        }
        impl Ternary<$T, $T> for NegMulAdd {
            #[inline(always)]
            fn apply<const F: bool>(x: $T, y: $T, z: $T) -> $T {
                (-x).fused_mul_add::<F>(y, z)
            }
        }
    )*};
}
fused! { f32 f64 }
