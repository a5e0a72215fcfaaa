//! Adam's whole update of a block in one pass, so that each array crosses the memory once.
//!
//! Each lane rounds exactly as the chains of [`fused`](super::fused) would, one after the other.

use std::marker::PhantomData;

use super::{Float, Kind};
use crate::isa::{Body, Isa, Kernel, Operands, version};

// An update reads a list of places: the three results, then the arrays `m v w g`, then the numbers `A` to `H` and `R`,
// which are one value for all lanes, then whether to stand still.
//
//     m′ = m·A + g·B,   v′ = v·C + g·g·D,   u = m′·E / (√(v′·F) + G),   w′ = w − (w·H + u)·R
const ARRAYS: usize = 3;
const NUMBERS: usize = ARRAYS + 4;
/// Length of the list.
pub(crate) const PLACES: usize = NUMBERS + 10;

/// Lanes that are computed in registers at once.
const CHUNK: usize = 32;

/// With `DECAY`, `H` is there; with `STILL`, a truth value is there that leaves everything as it was.
struct Adam<T, const DECAY: bool, const STILL: bool>(PhantomData<T>);

struct Numbers<T> {
    a: T,
    b: T,
    c: T,
    d: T,
    e: T,
    f: T,
    g: T,
    h: T,
    rate: T,
}

impl<T: Float, const DECAY: bool, const STILL: bool> Adam<T, DECAY, STILL> {
    #[inline(always)]
    fn lanes<const F: bool>(x: &Numbers<T>, [m, v, w, g]: [&mut [T; CHUNK]; 4]) {
        for i in 0..CHUNK {
            m[i] = m[i].times_plus::<F>(x.a, g[i] * x.b);
            v[i] = v[i].times_plus::<F>(x.c, g[i] * g[i] * x.d);
            let u = m[i] * x.e / ((v[i] * x.f).root() + x.g);
            let u = if DECAY { w[i].times_plus::<F>(x.h, u) } else { u };
            w[i] = (-u).times_plus::<F>(x.rate, w[i]);
        }
    }
}

impl<T: Float, const DECAY: bool, const STILL: bool> Body for Adam<T, DECAY, STILL> {
    /// The first operand is the list, which is read in place of the result's pointer and the other operands. Each result
    /// may be the memory of the array that it replaces.
    #[inline(always)]
    unsafe fn run<const F: bool>(n: usize, _: *mut u8, &[list, ..]: &Operands) {
        // SAFETY: the caller promises a list of valid places.
        let list = unsafe { &*list.cast::<[*mut u8; PLACES]>() };
        let array = |k: usize| list[k].cast::<T>();
        // SAFETY: numbers are one valid value each, those that the variant does not have as well.
        let number = |k: usize| unsafe { *array(NUMBERS + k) };
        let (results, arrays) = ([0, 1, 2].map(array), [0, 1, 2, 3].map(|k| array(ARRAYS + k)));
        // SAFETY: results and arrays have `n` elements; a copy that may overlap is allowed to.
        if STILL && unsafe { *list[PLACES - 1] } != 0 {
            for (to, from) in results.into_iter().zip(arrays).filter(|(to, from)| to != from) {
                // SAFETY: as above.
                unsafe { std::ptr::copy(from, to, n) };
            }
            return;
        }
        let [a, b, c, d, e, f, g, h, rate] = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(number);
        let x = Numbers { a, b, c, d, e, f, g, h, rate };
        let mut at = 0;
        while at + CHUNK <= n {
            // SAFETY: the lanes from `at` on lie inside of all arrays. They are read before any is written.
            unsafe {
                let [mut m, mut v, mut w, mut g] = arrays.map(|p| p.add(at).cast::<[T; CHUNK]>().read());
                Self::lanes::<F>(&x, [&mut m, &mut v, &mut w, &mut g]);
                for (to, lanes) in results.into_iter().zip([m, v, w]) {
                    to.add(at).cast::<[T; CHUNK]>().write(lanes);
                }
            }
            at += CHUNK;
        }
        let rest = n - at;
        if rest > 0 {
            let mut lanes = [[T::ONE; CHUNK]; 4];
            // SAFETY: as above, for the `rest` lanes that are left.
            unsafe {
                for (lanes, from) in lanes.iter_mut().zip(arrays) {
                    std::ptr::copy_nonoverlapping(from.add(at), lanes.as_mut_ptr(), rest);
                }
                let [m, v, w, g] = &mut lanes;
                Self::lanes::<F>(&x, [m, v, w, g]);
                for (lanes, to) in lanes.iter().zip(results) {
                    std::ptr::copy_nonoverlapping(lanes.as_ptr(), to.add(at), rest);
                }
            }
        }
    }
}

fn of_type<T: Float>(decay: bool, still: bool, isa: Isa) -> Kernel {
    match (decay, still) {
        (false, false) => version::<Adam<T, false, false>>(isa),
        (false, true) => version::<Adam<T, false, true>>(isa),
        (true, false) => version::<Adam<T, true, false>>(isa),
        (true, true) => version::<Adam<T, true, true>>(isa),
    }
}

/// The kernel of Adam's update, with decay of the parameter itself, and with a condition to stand still; its first
/// operand is the list of [`PLACES`].
pub(crate) fn adam(kind: Kind, decay: bool, still: bool, isa: Isa) -> Option<Kernel> {
    match kind {
        Kind::F32 => Some(of_type::<f32>(decay, still, isa)),
        Kind::F64 => Some(of_type::<f64>(decay, still, isa)),
        Kind::I32 | Kind::I64 | Kind::Bool => None,
    }
}
