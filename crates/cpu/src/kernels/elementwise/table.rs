//! The kernel of each operation, by element type, by which operands are repeated, and by instruction set.

use std::marker::PhantomData;
use std::slice;

use thalweg_autodiff::primitives::Elementwise;

use super::op;
use super::op::{Binary, Ternary, Unary};
use crate::isa::Isa;
use crate::kernels::abi::{Kernel, KernelBody, KernelForm, Operands, Vector, kernel_for};
use crate::kernels::kind::{Kind, with_kind};

/// An operand of a loop: one value per lane, or one for all (`S`).
///
/// # Safety
/// `p` is valid for reading `n` values, or one where it is repeated.
#[inline(always)]
pub(crate) unsafe fn operand<'a, T, const S: bool>(p: *const u8, n: usize) -> &'a [T] {
    // SAFETY: the caller keeps the promise.
    unsafe { slice::from_raw_parts(p.cast(), if S { 1 } else { n }) }
}

#[inline(always)]
pub(crate) fn lane<T: Copy, const S: bool>(x: &[T], i: usize) -> T {
    if S { x[0] } else { x[i] }
}

/// Applies an operation to every lane; lanes outside of its guard are computed again, exactly.
struct Map1<O, T, U>(PhantomData<(O, T, U)>);

impl<O: Unary<T, U>, T: Copy, U> KernelBody for Map1<O, T, U> {
    const PREFER_256: bool = O::DIVIDES;

    #[inline(always)]
    unsafe fn run<const F: bool>(n: usize, dst: *mut u8, &[a, ..]: &Operands) {
        if n == 1 {
            // SAFETY: the caller promises one valid value, and room for one.
            unsafe {
                let x = *a.cast::<T>();
                dst.cast::<U>().write(if O::GUARDED && O::guard(x) { O::exact(x) } else { O::apply::<F>(x) });
            }
            return;
        }
        // SAFETY: the caller promises `n` valid values that do not overlap.
        let (y, x) = unsafe { (slice::from_raw_parts_mut(dst.cast::<U>(), n), operand::<T, false>(a, n)) };
        for (y, x) in y.iter_mut().zip(x) {
            *y = O::apply::<F>(*x);
        }
        if O::GUARDED && x.iter().fold(false, |any, x| any | O::guard(*x)) {
            for (y, x) in y.iter_mut().zip(x).filter(|(_, x)| O::guard(**x)) {
                *y = O::exact(*x);
            }
        }
    }
}

struct Map2<O, T, U, const A: bool, const B: bool>(PhantomData<(O, T, U)>);

impl<O: Binary<T, U>, T: Copy, U, const A: bool, const B: bool> KernelBody for Map2<O, T, U, A, B> {
    const PREFER_256: bool = O::DIVIDES;

    #[inline(always)]
    unsafe fn run<const F: bool>(n: usize, dst: *mut u8, &[a, b, ..]: &Operands) {
        if n == 1 {
            // SAFETY: the caller promises one valid value of each operand, and room for one.
            unsafe {
                let (x, y) = (*a.cast::<T>(), *b.cast::<T>());
                let z = if O::GUARDED && O::guard(x, y) { O::exact(x, y) } else { O::apply::<F>(x, y) };
                dst.cast::<U>().write(z);
            }
            return;
        }
        // SAFETY: the caller promises valid values that do not overlap the results.
        let (z, x, y) = unsafe {
            (slice::from_raw_parts_mut(dst.cast::<U>(), n), operand::<T, A>(a, n), operand::<T, B>(b, n))
        };
        for (i, z) in z.iter_mut().enumerate() {
            *z = O::apply::<F>(lane::<T, A>(x, i), lane::<T, B>(y, i));
        }
        let guard = |i: usize| O::guard(lane::<T, A>(x, i), lane::<T, B>(y, i));
        if O::GUARDED && (0..n).fold(false, |any, i| any | guard(i)) {
            for i in (0..n).filter(|i| guard(*i)) {
                z[i] = O::exact(lane::<T, A>(x, i), lane::<T, B>(y, i));
            }
        }
    }
}

struct Map3<O, S, T, const A: bool, const B: bool, const C: bool>(PhantomData<(O, S, T)>);

impl<O: Ternary<S, T>, S: Copy, T: Copy, const A: bool, const B: bool, const C: bool> KernelBody
    for Map3<O, S, T, A, B, C>
{
    #[inline(always)]
    unsafe fn run<const F: bool>(n: usize, dst: *mut u8, &[a, b, c, ..]: &Operands) {
        if n == 1 {
            // SAFETY: the caller promises one valid value of each operand, and room for one.
            unsafe {
                dst.cast::<T>().write(O::apply::<F>(*a.cast::<S>(), *b.cast::<T>(), *c.cast::<T>()));
            }
            return;
        }
        // SAFETY: the caller promises valid values that do not overlap the results.
        let (w, x, y, z) = unsafe {
            (
                slice::from_raw_parts_mut(dst.cast::<T>(), n),
                operand::<S, A>(a, n),
                operand::<T, B>(b, n),
                operand::<T, C>(c, n),
            )
        };
        for (i, w) in w.iter_mut().enumerate() {
            *w = O::apply::<F>(lane::<S, A>(x, i), lane::<T, B>(y, i), lane::<T, C>(z, i));
        }
    }
}

fn map1<W: KernelForm, O: Unary<T, U>, T: Copy, U>(isa: Isa) -> W::Kernel {
    W::of::<Map1<O, T, U>>(isa)
}

fn map2<W: KernelForm, O: Binary<T, U>, T: Copy, U>(isa: Isa, repeated: &[bool]) -> W::Kernel {
    match repeated {
        [true, false] => W::of::<Map2<O, T, U, true, false>>(isa),
        [false, true] => W::of::<Map2<O, T, U, false, true>>(isa),
        _ => W::of::<Map2<O, T, U, false, false>>(isa),
    }
}

fn map3<W: KernelForm, O: Ternary<S, T>, S: Copy, T: Copy>(isa: Isa, repeated: &[bool]) -> W::Kernel {
    match repeated {
        [true, false, false] => W::of::<Map3<O, S, T, true, false, false>>(isa),
        [false, true, false] => W::of::<Map3<O, S, T, false, true, false>>(isa),
        [false, false, true] => W::of::<Map3<O, S, T, false, false, true>>(isa),
        [true, true, false] => W::of::<Map3<O, S, T, true, true, false>>(isa),
        [true, false, true] => W::of::<Map3<O, S, T, true, false, true>>(isa),
        [false, true, true] => W::of::<Map3<O, S, T, false, true, true>>(isa),
        _ => W::of::<Map3<O, S, T, false, false, false>>(isa),
    }
}

macro_rules! by_type {
    ($kind:expr, [$($K:ident $T:ident),*], $value:expr) => {
        match $kind {
            $(Kind::$K => {
                #[allow(dead_code)] // Each arm names the type it was chosen for; not every operation uses it.
                type $T = by_type!(@ $K);
                Some($value)
            })*
            #[allow(unreachable_patterns)] // Comparisons and selections have an arm for every kind.
            _ => None,
        }
    };
    (@ F32) => { f32 };
    (@ F64) => { f64 };
    (@ I32) => { i32 };
    (@ I64) => { i64 };
    (@ Bool) => { u8 };
}

macro_rules! lookup {
    ($op:expr, $kind:expr, $isa:expr, $repeated:expr;
     float1: $($f1:ident)*; number1: $($n1:ident)*; whole1: $($w1:ident)*;
     float2: $($f2:ident)*; number2: $($n2:ident)*; whole2: $($w2:ident)*; logic2: $($l2:ident)*; compare: $($c:ident)*) => {
        match $op {
            $(Elementwise::$f1 => by_type!($kind, [F32 T, F64 T], map1::<W, op::$f1, T, T>($isa)),)*
            $(Elementwise::$n1 => by_type!($kind, [F32 T, F64 T, I32 T, I64 T], map1::<W, op::$n1, T, T>($isa)),)*
            $(Elementwise::$w1 => by_type!($kind, [I32 T, I64 T], map1::<W, op::$w1, T, T>($isa)),)*
            $(Elementwise::$f2 => by_type!($kind, [F32 T, F64 T], map2::<W, op::$f2, T, T>($isa, $repeated)),)*
            $(Elementwise::$n2 => by_type!($kind, [F32 T, F64 T, I32 T, I64 T], map2::<W, op::$n2, T, T>($isa, $repeated)),)*
            $(Elementwise::$w2 => by_type!($kind, [I32 T, I64 T], map2::<W, op::$w2, T, T>($isa, $repeated)),)*
            $(Elementwise::$l2 => by_type!($kind, [Bool T], map2::<W, op::$l2, T, T>($isa, $repeated)),)*
            $(Elementwise::$c => by_type!($kind, [F32 T, F64 T, I32 T, I64 T, Bool T], map2::<W, op::$c, T, u8>($isa, $repeated)),)*
            Elementwise::Not => by_type!($kind, [Bool T], map1::<W, op::Not, T, T>($isa)),
            Elementwise::Select => by_type!($kind, [F32 T, F64 T, I32 T, I64 T, Bool T], map3::<W, op::Select, u8, T>($isa, $repeated)),
            // A primitive without a kernel of its own runs by Burn's operation.
            #[allow(unreachable_patterns)]
            _ => None,
        }
    };
}

/// The kernel of an elementwise primitive on values of `kind` (of a selection: the values chosen from), where `repeated`
/// tells which operands are one value for all lanes; `None` where only Burn's operation takes the kind.
pub(crate) fn elementwise<W: KernelForm>(
    op: Elementwise,
    kind: Kind,
    repeated: &[bool],
    isa: Isa,
) -> Option<W::Kernel> {
    lookup! { op, kind, isa, repeated;
        float1: Recip Sqrt Exp Log Log1p Sin Cos Tan Asin Acos Atan Sinh Cosh Tanh Asinh Acosh Atanh Erf Sigmoid
            LogSigmoid Relu Round Floor Ceil Trunc;
        number1: Neg Abs Sign;
        whole1: BitNot;
        float2: Pow Atan2 Hypot;
        number2: Add Sub Mul Div Rem;
        whole2: BitAnd BitOr BitXor Shl Shr IntPow;
        logic2: And Or Xor;
        compare: Eq Ne Lt Le Gt Ge
    }
}

/// Whether there is a kernel for an elementwise primitive on values of `kind`.
pub(crate) fn has_elementwise(op: Elementwise, kind: Kind) -> bool {
    elementwise::<Vector>(op, kind, &[], Isa::BASELINE).is_some()
}

/// Repeats one value on every lane.
struct Spread<T>(PhantomData<T>);

impl<T: Copy> KernelBody for Spread<T> {
    #[inline(always)]
    unsafe fn run<const F: bool>(n: usize, dst: *mut u8, &[a, ..]: &Operands) {
        // SAFETY: the caller promises room for `n` values and one value to read.
        unsafe { slice::from_raw_parts_mut(dst.cast::<T>(), n).fill(*a.cast::<T>()) };
    }
}

/// The kernel that repeats one value of a kind.
pub(crate) fn splat(kind: Kind, isa: Isa) -> Kernel {
    with_kind!(kind, T => kernel_for::<Spread<T>>(isa))
}

/// `x·y + z`, or `z − x·y` where `negated`, on floats.
pub(crate) fn mul_add<W: KernelForm>(
    kind: Kind,
    negated: bool,
    repeated: &[bool],
    isa: Isa,
) -> Option<W::Kernel> {
    match negated {
        false => by_type!(kind, [F32 T, F64 T], map3::<W, op::MulAdd, T, T>(isa, repeated)),
        true => by_type!(kind, [F32 T, F64 T], map3::<W, op::NegMulAdd, T, T>(isa, repeated)),
    }
}

/// Copies lanes, changing their type.
pub(crate) fn cast<W: KernelForm>(from: Kind, to: Kind, isa: Isa) -> W::Kernel {
    fn to_kind<W: KernelForm, T: Copy>(to: Kind, isa: Isa) -> W::Kernel
    where
        op::Cast: Unary<T, f32> + Unary<T, f64> + Unary<T, i32> + Unary<T, i64>,
        op::Truth: Unary<T, u8>,
    {
        match to {
            Kind::F32 => map1::<W, op::Cast, T, f32>(isa),
            Kind::F64 => map1::<W, op::Cast, T, f64>(isa),
            Kind::I32 => map1::<W, op::Cast, T, i32>(isa),
            Kind::I64 => map1::<W, op::Cast, T, i64>(isa),
            Kind::Bool => map1::<W, op::Truth, T, u8>(isa),
        }
    }
    match (from, to) {
        (Kind::F32, to) => to_kind::<W, f32>(to, isa),
        (Kind::F64, to) => to_kind::<W, f64>(to, isa),
        (Kind::I32, to) => to_kind::<W, i32>(to, isa),
        (Kind::I64, to) => to_kind::<W, i64>(to, isa),
        (Kind::Bool, Kind::F32) => map1::<W, op::Cast, u8, f32>(isa),
        (Kind::Bool, Kind::F64) => map1::<W, op::Cast, u8, f64>(isa),
        (Kind::Bool, Kind::I32) => map1::<W, op::Cast, u8, i32>(isa),
        (Kind::Bool, Kind::I64) => map1::<W, op::Cast, u8, i64>(isa),
        (Kind::Bool, Kind::Bool) => map1::<W, op::Cast, u8, u8>(isa),
    }
}
