//! Adam's whole update of a block in one pass, so that each array crosses the memory once.
//!
//! Each lane rounds exactly as the chains of [`chain`](super::chain) would, one after the other.

use std::marker::PhantomData;

use crate::isa::Isa;
use crate::kernels::abi::{Kernel, KernelBody, Operands, kernel_for};
use crate::kernels::float::Float;
use crate::kernels::kind::Kind;

// An update reads a list of places: the three results, then the arrays `m v w g`, then the numbers `A` to `H` and `R`,
// which are one value for all lanes, then whether to skip.
//
//     m′ = m·A + g·B,   v′ = v·C + g·g·D,   u = m′·E / (√(v′·F) + G),   w′ = w − (w·H + u)·R
const ARRAYS: usize = 3;
const NUMBERS: usize = ARRAYS + 4;
/// Length of the list.
pub(crate) const ARGUMENT_COUNT: usize = NUMBERS + 10;

/// Lanes that are computed in registers at once.
const CHUNK: usize = 32;

/// With `DECAY`, `H` is there; with `WITH_SKIP`, a truth value is there that leaves everything as it was.
struct Adam<T, const DECAY: bool, const WITH_SKIP: bool>(PhantomData<T>);

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
    /// Below it, a first moment may be gone.
    least: T,
}

/// When a first moment no longer moves its parameter.
///
/// Behind a rectifier that is never active again gradients are zero, and the moments end as subnormal numbers, whose roots and
/// quotients take CPUs several times longer. With `|m| < MOMENT`, `E ≤ 16`, `G ≥ DIVISOR` and a rate of at most one, the step
/// is less than half a unit in the last place of a parameter above `PARAMETER`, which stays as it is: neither root nor
/// quotient need be known.
trait UnderflowThresholds: Float {
    const MOMENT: Self;
    const DIVISOR: Self;
    const PARAMETER: Self;
    const MAX_FACTOR: Self;
}

impl UnderflowThresholds for f32 {
    // 16·2⁻¹⁰⁴ / 2⁻³⁰ = 2⁻⁷⁰, and 2⁻⁴⁰ has half a unit of 2⁻⁶⁴.
    const MOMENT: Self = 1.0 / (1_u128 << 104) as f32;
    const DIVISOR: Self = 1.0 / (1_u64 << 30) as f32;
    const PARAMETER: Self = 1.0 / (1_u64 << 40) as f32;
    const MAX_FACTOR: Self = 16.0;
}

impl UnderflowThresholds for f64 {
    // 16·2⁻³⁰⁰ / 2⁻¹⁰⁰ = 2⁻¹⁹⁶, and 2⁻¹⁰⁰ has half a unit of 2⁻¹⁵³.
    const MOMENT: Self = 1.0 / (1_u128 << 100) as f64 / (1_u128 << 100) as f64 / (1_u128 << 100) as f64;
    const DIVISOR: Self = 1.0 / (1_u128 << 100) as f64;
    const PARAMETER: Self = 1.0 / (1_u128 << 100) as f64;
    const MAX_FACTOR: Self = 16.0;
}

fn size<T: Float>(x: T) -> T {
    if x < T::ZERO { -x } else { x }
}

impl<T: UnderflowThresholds, const DECAY: bool, const WITH_SKIP: bool> Adam<T, DECAY, WITH_SKIP> {
    #[inline(always)]
    fn lanes<const F: bool>(x: &Numbers<T>, [m, v, w, g]: [&mut [T; CHUNK]; 4]) {
        for i in 0..CHUNK {
            m[i] = g[i].fused_mul_add::<F>(x.b, m[i] * x.a);
            v[i] = (g[i] * g[i]).fused_mul_add::<F>(x.d, v[i] * x.c);
            let gone = size(m[i]) < x.least && size(w[i]) > T::PARAMETER;
            let (first, second) = if gone { (T::ZERO, T::ZERO) } else { (m[i], v[i]) };
            let u = first * x.e / ((second * x.f).root() + x.g);
            let u = if DECAY { w[i].fused_mul_add::<F>(x.h, u) } else { u };
            w[i] = (-u).fused_mul_add::<F>(x.rate, w[i]);
        }
    }
}

impl<T: UnderflowThresholds, const DECAY: bool, const STILL: bool> KernelBody for Adam<T, DECAY, STILL> {
    /// The first operand is the list, which is read in place of the result's pointer and the other operands. Each result
    /// may be the memory of the array that it replaces.
    #[inline(always)]
    unsafe fn run<const F: bool>(n: usize, _: *mut u8, &[list, ..]: &Operands) {
        // SAFETY: the caller promises a list of valid places.
        let list = unsafe { &*list.cast::<[*mut u8; ARGUMENT_COUNT]>() };
        let array = |k: usize| list[k].cast::<T>();
        // SAFETY: numbers are one valid value each, those that the variant does not have as well.
        let number = |k: usize| unsafe { *array(NUMBERS + k) };
        let (results, arrays) = ([0, 1, 2].map(array), [0, 1, 2, 3].map(|k| array(ARRAYS + k)));
        // SAFETY: results and arrays have `n` elements; a copy that may overlap is allowed to.
        if STILL && unsafe { *list[ARGUMENT_COUNT - 1] } != 0 {
            for (to, from) in results.into_iter().zip(arrays).filter(|(to, from)| to != from) {
                // SAFETY: as above.
                unsafe { std::ptr::copy(from, to, n) };
            }
            return;
        }
        let [a, b, c, d, e, f, g, h, rate] = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(number);
        // What decays the parameter is rounded with the step.
        let may_be_gone = !DECAY && size(e) <= T::MAX_FACTOR && g >= T::DIVISOR && size(rate) <= T::ONE;
        let least = if may_be_gone { T::MOMENT } else { T::ZERO };
        let x = Numbers { a, b, c, d, e, f, g, h, rate, least };
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

fn of_type<T: UnderflowThresholds>(decay: bool, still: bool, isa: Isa) -> Kernel {
    match (decay, still) {
        (false, false) => kernel_for::<Adam<T, false, false>>(isa),
        (false, true) => kernel_for::<Adam<T, false, true>>(isa),
        (true, false) => kernel_for::<Adam<T, true, false>>(isa),
        (true, true) => kernel_for::<Adam<T, true, true>>(isa),
    }
}

/// The kernel of Adam's update, with decay of the parameter itself, and with a condition to stand still; its first
/// operand is the list of [`ARGUMENT_COUNT`].
pub(crate) fn adam(kind: Kind, decay: bool, still: bool, isa: Isa) -> Option<Kernel> {
    match kind {
        Kind::F32 => Some(of_type::<f32>(decay, still, isa)),
        Kind::F64 => Some(of_type::<f64>(decay, still, isa)),
        Kind::I32 | Kind::I64 | Kind::Bool => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One lane by single operations.
    fn lane<const F: bool>(x: &[f32; 9], [m, v, w, g]: [f32; 4]) -> [f32; 3] {
        let [a, b, c, d, e, f, eps, _, rate] = *x;
        let m = g.fused_mul_add::<F>(b, m * a);
        let v = (g * g).fused_mul_add::<F>(d, v * c);
        let u = m * e / ((v * f).sqrt() + eps);
        [m, v, (-u).fused_mul_add::<F>(rate, w)]
    }

    #[test]
    fn moments_that_are_gone_leave_the_bits_of_the_whole_rule() {
        // Moments around the subnormal numbers and around the threshold, with parameters that they may and may not move.
        let sizes = [0.0, 1e-45, 3e-42, 1.2e-38, 4e-32, 5e-32, 1e-20, 1e-3];
        let others = [0.0, 1e-45, 1e-30, 8e-13, 1e-12, 0.3, -2.0];
        let mut lanes: Vec<[f32; 4]> = vec![];
        for m in sizes {
            for v in [0.0, 1e-40, 1e-18, 1e-4] {
                lanes.extend(others.iter().flat_map(|w| [[m, v, *w, 0.0], [-m, v, *w, 0.0], [m, v, *w, m]]));
            }
        }
        for (eps, e, rate) in [(1e-8, 1.0, 1e-3), (0.0, 10.0, 1.0), (1e-8, 40.0, 1e-3), (1e-8, 1.0, 2.0)] {
            let mut numbers = [0.9, 0.1, 0.999, 0.001, e, 1.5, eps, 0.0, rate];
            for isa in Isa::available() {
                let mut arrays = [0, 1, 2, 3].map(|k| lanes.iter().map(|lane| lane[k]).collect::<Vec<f32>>());
                let mut list = [std::ptr::null_mut::<u8>(); ARGUMENT_COUNT];
                for (k, array) in arrays.iter_mut().enumerate() {
                    list[ARRAYS + k] = array.as_mut_ptr().cast();
                    list[k.min(ARRAYS - 1)] = list[ARRAYS + k.min(ARRAYS - 1)];
                }
                numbers
                    .iter_mut()
                    .enumerate()
                    .for_each(|(k, x)| list[NUMBERS + k] = std::ptr::from_mut(x).cast());
                let kernel = adam(Kind::F32, false, false, isa).expect("a kernel for floats");
                // SAFETY: the list has a valid place for everything.
                unsafe { kernel(lanes.len(), std::ptr::null_mut(), &[list.as_ptr().cast(); 5]) };
                for (i, of) in lanes.iter().enumerate() {
                    let is_fused = isa != Isa::BASELINE;
                    let want =
                        if is_fused { lane::<true>(&numbers, *of) } else { lane::<false>(&numbers, *of) };
                    for (k, want) in want.into_iter().enumerate() {
                        let same = arrays[k][i] == want || arrays[k][i].is_nan() && want.is_nan();
                        assert!(
                            same,
                            "result {k} of {of:?} with {numbers:?} on {isa}: {:e}, not {want:e}",
                            arrays[k][i]
                        );
                    }
                }
            }
        }
    }
}
