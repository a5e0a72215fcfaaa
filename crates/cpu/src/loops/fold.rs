//! Combining lanes: sums, products, extremes.

use thalweg_autodiff::prim::Reduction;

use crate::isa::{Body, Isa, Kernel, Operands, version};
use crate::kernels::{Kind, with_kind};

/// Partial results that a vector loop keeps at once; they are combined in a fixed order, so the number belongs to the
/// meaning of a sum and is the same for every instruction set.
const PARTS: usize = 32;

/// How lanes are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Combine {
    Sum,
    Prod,
    Max,
    Min,
}

impl Combine {
    /// Truth values are the numbers zero and one, so that "any" is the largest and "all" the smallest.
    pub fn of(op: Reduction) -> Self {
        match op {
            Reduction::Sum => Combine::Sum,
            Reduction::Prod => Combine::Prod,
            Reduction::Max | Reduction::Any => Combine::Max,
            Reduction::Min | Reduction::All => Combine::Min,
        }
    }
}

/// An element type whose lanes can be combined.
pub(crate) trait Lane: Copy {
    fn neutral(c: Combine) -> Self;
    fn combine(c: Combine, a: Self, b: Self) -> Self;
}

macro_rules! lanes {
    ($($T:ty: $max:expr, $min:expr, |$a:ident, $b:ident| $sum:expr, $prod:expr, $larger:expr, $smaller:expr;)*) => {$(
        impl Lane for $T {
            #[inline(always)]
            fn neutral(c: Combine) -> Self {
                match c {
                    Combine::Sum => 0 as $T,
                    Combine::Prod => 1 as $T,
                    Combine::Max => $min,
                    Combine::Min => $max,
                }
            }

            #[inline(always)]
            fn combine(c: Combine, $a: Self, $b: Self) -> Self {
                match c {
                    Combine::Sum => $sum,
                    Combine::Prod => $prod,
                    Combine::Max => $larger,
                    Combine::Min => $smaller,
                }
            }
        }
    )*};
}
// NaN wins over numbers, as on Burn's devices.
lanes! {
    f32: f32::INFINITY, f32::NEG_INFINITY,
        |a, b| a + b, a * b, if a > b || a.is_nan() { a } else { b }, if a < b || a.is_nan() { a } else { b };
    f64: f64::INFINITY, f64::NEG_INFINITY,
        |a, b| a + b, a * b, if a > b || a.is_nan() { a } else { b }, if a < b || a.is_nan() { a } else { b };
    i32: i32::MAX, i32::MIN, |a, b| a.wrapping_add(b), a.wrapping_mul(b), a.max(b), a.min(b);
    i64: i64::MAX, i64::MIN, |a, b| a.wrapping_add(b), a.wrapping_mul(b), a.max(b), a.min(b);
    u8: 1, 0, |a, b| a.wrapping_add(b), a.wrapping_mul(b), a.max(b), a.min(b);
}

macro_rules! with_combine {
    ($combine:expr, $C:ident => $value:expr) => {
        match $combine {
            Combine::Sum => {
                type $C = Sums;
                $value
            }
            Combine::Prod => {
                type $C = Products;
                $value
            }
            Combine::Max => {
                type $C = Largest;
                $value
            }
            Combine::Min => {
                type $C = Smallest;
                $value
            }
        }
    };
}

/// A way to combine that is known when the kernel is built.
trait Fixed {
    const C: Combine;
}
struct Sums;
struct Products;
struct Largest;
struct Smallest;
impl Fixed for Sums {
    const C: Combine = Combine::Sum;
}
impl Fixed for Products {
    const C: Combine = Combine::Prod;
}
impl Fixed for Largest {
    const C: Combine = Combine::Max;
}
impl Fixed for Smallest {
    const C: Combine = Combine::Min;
}

/// Combines `n` lanes of `a` into the one element `dst`, in an order that depends on `n` alone.
struct Rows<C, T>(std::marker::PhantomData<(C, T)>);

impl<C: Fixed, T: Lane> Body for Rows<C, T> {
    #[inline(always)]
    unsafe fn run<const F: bool>(n: usize, dst: *mut u8, &[a, ..]: &Operands) {
        // SAFETY: the caller promises `n` valid lanes.
        let x = unsafe { std::slice::from_raw_parts(a.cast::<T>(), n) };
        let combine = |a: T, b: T| T::combine(C::C, a, b);
        let mut parts = [T::neutral(C::C); PARTS];
        let chunks = x.chunks_exact(PARTS);
        let rest = chunks.remainder();
        for chunk in chunks {
            for (part, x) in parts.iter_mut().zip(chunk) {
                *part = combine(*part, *x);
            }
        }
        for (part, x) in parts.iter_mut().zip(rest) {
            *part = combine(*part, *x);
        }
        let mut length = PARTS;
        while length > 1 {
            length /= 2;
            for i in 0..length {
                parts[i] = combine(parts[i], parts[i + length]);
            }
        }
        // SAFETY: the caller promises room for one element.
        unsafe { dst.cast::<T>().write(parts[0]) };
    }
}

/// Combines each of `n` lanes of `a` with the element of `dst` at its place.
struct Columns<C, T>(std::marker::PhantomData<(C, T)>);

impl<C: Fixed, T: Lane> Body for Columns<C, T> {
    #[inline(always)]
    unsafe fn run<const F: bool>(n: usize, dst: *mut u8, &[a, ..]: &Operands) {
        // SAFETY: the caller promises `n` valid lanes that do not overlap.
        let (y, x) = unsafe {
            (std::slice::from_raw_parts_mut(dst.cast::<T>(), n), std::slice::from_raw_parts(a.cast::<T>(), n))
        };
        for (y, x) in y.iter_mut().zip(x) {
            *y = T::combine(C::C, *y, *x);
        }
    }
}

/// The kernel that combines lanes into one element.
pub(crate) fn rows(combine: Combine, kind: Kind, isa: Isa) -> Kernel {
    with_combine!(combine, C => with_kind!(kind, T => version::<Rows<C, T>>(isa)))
}

/// The kernel that combines lanes with those of the result.
pub(crate) fn columns(combine: Combine, kind: Kind, isa: Isa) -> Kernel {
    with_combine!(combine, C => with_kind!(kind, T => version::<Columns<C, T>>(isa)))
}

/// Fills `n` elements with what combining nothing gives.
///
/// # Safety
/// `to` has room for `n` elements of the kind and is aligned for it.
pub(crate) unsafe fn fill_neutral(combine: Combine, kind: Kind, to: *mut u8, n: usize) {
    with_kind!(kind, T => {
        // SAFETY: the caller's promise.
        let all = unsafe { std::slice::from_raw_parts_mut(to.cast::<T>(), n) };
        all.fill(T::neutral(combine));
    });
}
