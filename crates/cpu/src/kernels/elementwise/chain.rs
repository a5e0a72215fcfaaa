//! Kernels for chains of operations that often stand together, so that a loop passes over its block less often. Each
//! rounds exactly as the single operations would, products and sums joined as `mul_add` joins them.

use std::marker::PhantomData;
use std::slice;

use thalweg_autodiff::primitives::Elementwise;

use super::op;
use super::op::Binary;
use super::table::{lane, mul_add, operand};
use crate::isa::Isa;
use crate::kernels::abi::{Kernel, KernelBody, Operands, Vector, kernel_for};
use crate::kernels::float::Float;
use crate::kernels::kind::Kind;

/// A chain of operations. Operands are written in the order of the kernel's; those in capitals are one value for all
/// lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chain {
    /// `x·y + z`.
    MulAdd,
    /// `z − x·y`.
    MulSub,
    /// `x·A + y·B`, the second product rounded with the sum.
    Axpby,
    /// `x·A + y·z·B`, the last product rounded with the sum.
    AxpbyProduct,
    /// `x·A / (√(y·B) + C)`.
    ScaledQuotient,
    /// `max(x + y, 0)`.
    AddRelu,
    /// The second two where the first two compare, else the last.
    SelectCompare(Elementwise),
}

// With `I`, the first operand is what stands where the results go.
struct Axpby<T, const I: bool>(PhantomData<T>);
struct AxpbyProduct<T, const I: bool>(PhantomData<T>);
struct ScaledQuotient<T>(PhantomData<T>);
struct AddRelu<T, const Y: bool>(PhantomData<T>);
struct SelectCompare<O, T, const Y: bool, const A: bool, const B: bool>(PhantomData<(O, T)>);

/// # Safety
/// `p` is valid for `n` results.
#[inline(always)]
unsafe fn results<'a, T>(p: *mut u8, n: usize) -> &'a mut [T] {
    // SAFETY: the caller's promise.
    unsafe { slice::from_raw_parts_mut(p.cast(), n) }
}

impl<T: Float, const I: bool> KernelBody for Axpby<T, I> {
    #[inline(always)]
    unsafe fn run<const F: bool>(n: usize, dst: *mut u8, &[x, a, y, b, _]: &Operands) {
        // SAFETY: the caller promises valid operands that do not overlap the results, but for the first one with `I`,
        // which is not read then.
        let (w, x, y) = unsafe {
            (results::<T>(dst, n), operand::<T, false>(x, if I { 0 } else { n }), operand::<T, false>(y, n))
        };
        // SAFETY: as above.
        let (a, b) = unsafe { (*a.cast::<T>(), *b.cast::<T>()) };
        for (i, w) in w.iter_mut().enumerate() {
            let x = if I { *w } else { x[i] };
            *w = y[i].fused_mul_add::<F>(b, x * a);
        }
    }
}

impl<T: Float, const I: bool> KernelBody for AxpbyProduct<T, I> {
    #[inline(always)]
    unsafe fn run<const F: bool>(n: usize, dst: *mut u8, &[x, a, y, z, b]: &Operands) {
        // SAFETY: as for `Blend`.
        let (w, x, y, z) = unsafe {
            (
                results::<T>(dst, n),
                operand::<T, false>(x, if I { 0 } else { n }),
                operand::<T, false>(y, n),
                operand::<T, false>(z, n),
            )
        };
        // SAFETY: as above.
        let (a, b) = unsafe { (*a.cast::<T>(), *b.cast::<T>()) };
        for (i, w) in w.iter_mut().enumerate() {
            let x = if I { *w } else { x[i] };
            *w = (y[i] * z[i]).fused_mul_add::<F>(b, x * a);
        }
    }
}

/// `w ← w − x·y`, or plus, in place.
struct FmaInPlace<T, const NEGATED: bool, const X: bool, const Y: bool>(PhantomData<T>);

impl<T: Float, const NEGATED: bool, const X: bool, const Y: bool> KernelBody for FmaInPlace<T, NEGATED, X, Y> {
    #[inline(always)]
    unsafe fn run<const F: bool>(n: usize, dst: *mut u8, &[x, y, ..]: &Operands) {
        // SAFETY: the caller promises valid operands that do not overlap the results.
        let (w, x, y) = unsafe { (results::<T>(dst, n), operand::<T, X>(x, n), operand::<T, Y>(y, n)) };
        for (i, w) in w.iter_mut().enumerate() {
            let x = lane::<T, X>(x, i);
            *w = (if NEGATED { -x } else { x }).fused_mul_add::<F>(lane::<T, Y>(y, i), *w);
        }
    }
}

impl<T: Float> KernelBody for ScaledQuotient<T> {
    const PREFER_256: bool = true;

    #[inline(always)]
    unsafe fn run<const F: bool>(n: usize, dst: *mut u8, &[x, a, y, b, c]: &Operands) {
        // SAFETY: the caller promises valid operands that do not overlap the results.
        let (w, x, y) = unsafe { (results::<T>(dst, n), operand::<T, false>(x, n), operand::<T, false>(y, n)) };
        // SAFETY: as above.
        let (a, b, c) = unsafe { (*a.cast::<T>(), *b.cast::<T>(), *c.cast::<T>()) };
        for (i, w) in w.iter_mut().enumerate() {
            *w = x[i] * a / ((y[i] * b).root() + c);
        }
    }
}

impl<T: Float, const Y: bool> KernelBody for AddRelu<T, Y> {
    #[inline(always)]
    unsafe fn run<const F: bool>(n: usize, dst: *mut u8, &[x, y, ..]: &Operands) {
        // SAFETY: the caller promises valid operands that do not overlap the results.
        let (w, x, y) = unsafe { (results::<T>(dst, n), operand::<T, false>(x, n), operand::<T, Y>(y, n)) };
        for (i, w) in w.iter_mut().enumerate() {
            let sum = x[i] + lane::<T, Y>(y, i);
            *w = if sum < T::ZERO { T::ZERO } else { sum };
        }
    }
}

impl<O: Binary<T, u8>, T: Float, const Y: bool, const A: bool, const B: bool> KernelBody
    for SelectCompare<O, T, Y, A, B>
{
    #[inline(always)]
    unsafe fn run<const F: bool>(n: usize, dst: *mut u8, &[x, y, a, b, _]: &Operands) {
        // SAFETY: the caller promises valid operands that do not overlap the results.
        let (w, x, y) = unsafe { (results::<T>(dst, n), operand::<T, false>(x, n), operand::<T, Y>(y, n)) };
        // SAFETY: as above.
        let (a, b) = unsafe { (operand::<T, A>(a, n), operand::<T, B>(b, n)) };
        for (i, w) in w.iter_mut().enumerate() {
            let (yes, no) = (lane::<T, A>(a, i), lane::<T, B>(b, i));
            *w = if O::apply::<F>(x[i], lane::<T, Y>(y, i)) != 0 { yes } else { no };
        }
    }
}

fn choose<O: Binary<T, u8>, T: Float>(repeated: &[bool], isa: Isa) -> Option<Kernel> {
    Some(match repeated {
        [false, true, true, false] => kernel_for::<SelectCompare<O, T, true, true, false>>(isa),
        [false, true, false, true] => kernel_for::<SelectCompare<O, T, true, false, true>>(isa),
        [false, true, false, false] => kernel_for::<SelectCompare<O, T, true, false, false>>(isa),
        [false, false, true, false] => kernel_for::<SelectCompare<O, T, false, true, false>>(isa),
        [false, false, false, true] => kernel_for::<SelectCompare<O, T, false, false, true>>(isa),
        [false, false, false, false] => kernel_for::<SelectCompare<O, T, false, false, false>>(isa),
        _ => return None,
    })
}

fn of_type<T: Float>(chain: Chain, repeated: &[bool], isa: Isa) -> Option<Kernel>
where
    op::Eq: Binary<T, u8>,
    op::Ne: Binary<T, u8>,
    op::Lt: Binary<T, u8>,
    op::Le: Binary<T, u8>,
    op::Gt: Binary<T, u8>,
    op::Ge: Binary<T, u8>,
{
    match (chain, repeated) {
        (Chain::Axpby, [false, true, false, true]) => Some(kernel_for::<Axpby<T, false>>(isa)),
        (Chain::AxpbyProduct, [false, true, false, false, true]) => {
            Some(kernel_for::<AxpbyProduct<T, false>>(isa))
        }
        (Chain::ScaledQuotient, [false, true, false, true, true]) => Some(kernel_for::<ScaledQuotient<T>>(isa)),
        (Chain::AddRelu, [false, false]) => Some(kernel_for::<AddRelu<T, false>>(isa)),
        (Chain::AddRelu, [false, true]) => Some(kernel_for::<AddRelu<T, true>>(isa)),
        (Chain::SelectCompare(by), repeated) => match by {
            Elementwise::Eq => choose::<op::Eq, T>(repeated, isa),
            Elementwise::Ne => choose::<op::Ne, T>(repeated, isa),
            Elementwise::Lt => choose::<op::Lt, T>(repeated, isa),
            Elementwise::Le => choose::<op::Le, T>(repeated, isa),
            Elementwise::Gt => choose::<op::Gt, T>(repeated, isa),
            Elementwise::Ge => choose::<op::Ge, T>(repeated, isa),
            _ => None,
        },
        _ => None,
    }
}

/// The kernel of a chain, where `repeated` tells which operands are one value for all lanes; `None` where there is none
/// for that.
pub(crate) fn chain(chain: Chain, kind: Kind, repeated: &[bool], isa: Isa) -> Option<Kernel> {
    match kind {
        _ if chain == Chain::MulAdd => mul_add::<Vector>(kind, false, repeated, isa),
        _ if chain == Chain::MulSub => mul_add::<Vector>(kind, true, repeated, isa),
        Kind::F32 => of_type::<f32>(chain, repeated, isa),
        Kind::F64 => of_type::<f64>(chain, repeated, isa),
        Kind::I32 | Kind::I64 | Kind::Bool => None,
    }
}

fn in_place_of_type<T: Float>(chain: Chain, repeated: &[bool], isa: Isa) -> Option<(usize, Kernel)> {
    Some(match (chain, repeated) {
        (Chain::Axpby, [false, true, false, true]) => (0, kernel_for::<Axpby<T, true>>(isa)),
        (Chain::AxpbyProduct, [false, true, false, false, true]) => {
            (0, kernel_for::<AxpbyProduct<T, true>>(isa))
        }
        (Chain::MulAdd, [false, false, false]) => (2, kernel_for::<FmaInPlace<T, false, false, false>>(isa)),
        (Chain::MulAdd, [true, false, false]) => (2, kernel_for::<FmaInPlace<T, false, true, false>>(isa)),
        (Chain::MulAdd, [false, true, false]) => (2, kernel_for::<FmaInPlace<T, false, false, true>>(isa)),
        (Chain::MulSub, [false, false, false]) => (2, kernel_for::<FmaInPlace<T, true, false, false>>(isa)),
        (Chain::MulSub, [true, false, false]) => (2, kernel_for::<FmaInPlace<T, true, true, false>>(isa)),
        (Chain::MulSub, [false, true, false]) => (2, kernel_for::<FmaInPlace<T, true, false, true>>(isa)),
        _ => return None,
    })
}

/// The kernel of a chain whose result takes the place of one of its operands, and the number of that operand.
pub(crate) fn chain_in_place(chain: Chain, kind: Kind, repeated: &[bool], isa: Isa) -> Option<(usize, Kernel)> {
    match kind {
        Kind::F32 => in_place_of_type::<f32>(chain, repeated, isa),
        Kind::F64 => in_place_of_type::<f64>(chain, repeated, isa),
        Kind::I32 | Kind::I64 | Kind::Bool => None,
    }
}
