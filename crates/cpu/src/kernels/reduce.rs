//! Combining lanes: sums, products, extremes.

use thalweg_autodiff::primitives::Reduction;

use super::abi::{Kernel, KernelBody, Operands, kernel_for};
use super::kind::{Kind, with_kind};
use crate::isa::Isa;

/// Which axes a reduction combines, those of length one left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReduceAxes {
    All,
    /// The last ones, of so many elements together.
    Inner(usize),
    /// Some before the last ones: so many elements, each a row of so many that stay.
    Outer {
        rows: usize,
        columns: usize,
    },
}

/// Partial results that a vector loop keeps at once; they are combined in a fixed order, so the number belongs to the
/// meaning of a sum and is the same for every instruction set.
pub(crate) const ACCUMULATORS: usize = 32;

/// How lanes are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Combine {
    Sum,
    Prod,
    Max,
    Min,
    /// Sums of products with zero: zero if all lanes are finite, as whole numbers are, and NaN else. What it gives can be combined by it again.
    CheckFinite,
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

    /// As `explain` shows it.
    pub fn name(self) -> &'static str {
        match self {
            Combine::Sum => "sum",
            Combine::Prod => "prod",
            Combine::Max => "max",
            Combine::Min => "min",
            Combine::CheckFinite => "isfinite",
        }
    }
}

/// An element type whose lanes can be combined.
pub(crate) trait Lane: Copy {
    fn neutral(c: Combine) -> Self;
    fn combine(c: Combine, a: Self, b: Self) -> Self;
}

macro_rules! lanes {
    ($($T:ty: $max:expr, $min:expr, |$a:ident, $b:ident| $sum:expr, $prod:expr, $larger:expr, $smaller:expr, $finite:expr;)*) => {$(
        impl Lane for $T {
            #[inline(always)]
            fn neutral(c: Combine) -> Self {
                match c {
                    Combine::Sum | Combine::CheckFinite => 0 as $T,
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
                    Combine::CheckFinite => $finite,
                }
            }
        }
    )*};
}
// NaN wins over numbers, as on Burn's devices. No function here calls another of its own kind: what cannot be put into its
// caller is not made into vectors.
lanes! {
    f32: f32::INFINITY, f32::NEG_INFINITY,
        |a, b| a + b, a * b, if a > b || a.is_nan() { a } else { b }, if a < b || a.is_nan() { a } else { b },
        a + b * 0.0;
    f64: f64::INFINITY, f64::NEG_INFINITY,
        |a, b| a + b, a * b, if a > b || a.is_nan() { a } else { b }, if a < b || a.is_nan() { a } else { b },
        a + b * 0.0;
    i32: i32::MAX, i32::MIN, |a, b| a.wrapping_add(b), a.wrapping_mul(b), a.max(b), a.min(b), a;
    i64: i64::MAX, i64::MIN, |a, b| a.wrapping_add(b), a.wrapping_mul(b), a.max(b), a.min(b), a;
    u8: 1, 0, |a, b| a.wrapping_add(b), a.wrapping_mul(b), a.max(b), a.min(b), a;
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
            Combine::CheckFinite => {
                type $C = Checks;
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
struct Checks;
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
impl Fixed for Checks {
    const C: Combine = Combine::CheckFinite;
}

/// What `n` lanes have together, in an order that depends on `n` alone: part `i` of [`ACCUMULATORS`] combines lanes `i`,
/// `i + PARTS` and so on, then the upper half of the parts is combined with the lower one until one is left.
#[inline(always)]
fn whole<C: Fixed, T: Lane>(x: &[T]) -> T {
    let mut parts = [T::neutral(C::C); ACCUMULATORS];
    into_parts::<C, T>(&mut parts, x);
    // Parts that have no lanes change nothing.
    let mut length = x.len().next_power_of_two().min(ACCUMULATORS);
    while length > 1 {
        length /= 2;
        for i in 0..length {
            parts[i] = T::combine(C::C, parts[i], parts[i + length]);
        }
    }
    parts[0]
}

/// Combines lanes with parts, the first lane with the first part.
#[inline(always)]
fn into_parts<C: Fixed, T: Lane>(parts: &mut [T; ACCUMULATORS], x: &[T]) {
    let chunks = x.chunks_exact(ACCUMULATORS);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (part, x) in parts.iter_mut().zip(chunk) {
            *part = T::combine(C::C, *part, *x);
        }
    }
    for (part, x) in parts.iter_mut().zip(rest) {
        *part = T::combine(C::C, *part, *x);
    }
}

/// `n` lanes of `a` in rows of `length`, each into its element of `dst`; see [`whole`].
struct Rows<C, T>(std::marker::PhantomData<(C, T)>);

impl<C: Fixed, T: Lane> KernelBody for Rows<C, T> {
    #[inline(always)]
    unsafe fn run<const F: bool>(n: usize, dst: *mut u8, &[a, length, ..]: &Operands) {
        // SAFETY: the caller promises `n` valid lanes in whole rows, an element for each row, and the length.
        let (y, x, length) = unsafe {
            let length = *length.cast::<usize>();
            let y = std::slice::from_raw_parts_mut(dst.cast::<T>(), n / length);
            (y, std::slice::from_raw_parts(a.cast::<T>(), n), length)
        };
        y.iter_mut().zip(x.chunks_exact(length)).for_each(|(y, x)| *y = whole::<C, T>(x));
    }
}

/// Combines `n` lanes of `a` with the [`ACCUMULATORS`] parts at `dst`, the first lane with the first part.
struct Parts<C, T>(std::marker::PhantomData<(C, T)>);

impl<C: Fixed, T: Lane> KernelBody for Parts<C, T> {
    #[inline(always)]
    unsafe fn run<const F: bool>(n: usize, dst: *mut u8, &[a, ..]: &Operands) {
        // SAFETY: the caller promises `n` valid lanes and all parts, which do not overlap.
        let (y, x) =
            unsafe { (&mut *dst.cast::<[T; ACCUMULATORS]>(), std::slice::from_raw_parts(a.cast::<T>(), n)) };
        let mut parts = *y;
        into_parts::<C, T>(&mut parts, x);
        *y = parts;
    }
}

/// Combines `n` lanes of `a`, in rows of `length`, with the `length` elements of `dst`, row after row.
struct Columns<C, T>(std::marker::PhantomData<(C, T)>);

impl<C: Fixed, T: Lane> KernelBody for Columns<C, T> {
    #[inline(always)]
    unsafe fn run<const F: bool>(n: usize, dst: *mut u8, &[a, length, ..]: &Operands) {
        // SAFETY: the caller promises `n` valid lanes in whole rows, that do not overlap the elements, and the length.
        let (y, x, length) = unsafe {
            let length = *length.cast::<usize>();
            let y = std::slice::from_raw_parts_mut(dst.cast::<T>(), length);
            (y, std::slice::from_raw_parts(a.cast::<T>(), n), length)
        };
        for x in x.chunks_exact(length) {
            y.iter_mut().zip(x).for_each(|(y, x)| *y = T::combine(C::C, *y, *x));
        }
    }
}

/// The kernels of one way to combine lanes of one kind; see their bodies.
#[derive(Clone, Debug)]
pub(crate) struct ReduceKernels {
    pub combine: Combine,
    pub kind: Kind,
    rows: Kernel,
    parts: Kernel,
    columns: Kernel,
}

impl ReduceKernels {
    pub fn new(combine: Combine, kind: Kind, isa: Isa) -> Self {
        with_combine!(combine, C => with_kind!(kind, T => ReduceKernels {
            combine,
            kind,
            rows: kernel_for::<Rows<C, T>>(isa),
            parts: kernel_for::<Parts<C, T>>(isa),
            columns: kernel_for::<Columns<C, T>>(isa),
        }))
    }

    /// Combines each of the rows of `length` lanes, `n` lanes in all, into an element of `to`.
    ///
    /// # Safety
    /// All is valid and does not overlap.
    pub unsafe fn rows(&self, n: usize, length: usize, to: *mut u8, from: *const u8) {
        let length = std::ptr::from_ref(&length).cast();
        // SAFETY: the caller's promise.
        unsafe { (self.rows)(n, to, &[from, length, length, length, length]) }
    }

    /// Combines `n` lanes with the parts at `to`, from part `first` on.
    ///
    /// # Safety
    /// All is valid and does not overlap; `first` is less than [`ACCUMULATORS`].
    pub unsafe fn parts(&self, n: usize, first: usize, to: *mut u8, from: *const u8) {
        let size = self.kind.size();
        let head = if first == 0 { 0 } else { n.min(ACCUMULATORS - first) };
        // SAFETY: the caller's promise.
        unsafe {
            if head > 0 {
                self.columns(head, head, to.add(first * size), from);
            }
            (self.parts)(n - head, to, &[from.add(head * size); 5]);
        }
    }

    /// Combines `n` lanes, in rows of `length`, with the `length` elements of `to`.
    ///
    /// # Safety
    /// All is valid and does not overlap.
    pub unsafe fn columns(&self, n: usize, length: usize, to: *mut u8, from: *const u8) {
        let length = std::ptr::from_ref(&length).cast();
        // SAFETY: the caller's promise.
        unsafe { (self.columns)(n, to, &[from, length, length, length, length]) }
    }

    /// Fills `n` elements with what combining nothing gives.
    ///
    /// # Safety
    /// `to` has room for `n` elements of the kind and is aligned for it.
    pub unsafe fn fill(&self, n: usize, to: *mut u8) {
        with_kind!(self.kind, T => {
            // SAFETY: the caller's promise.
            let all = unsafe { std::slice::from_raw_parts_mut(to.cast::<T>(), n) };
            all.fill(T::neutral(self.combine));
        });
    }
}
