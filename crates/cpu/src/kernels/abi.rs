//! What a kernel is: its arguments, and how one is built from a loop for each instruction set.

use crate::isa::{Isa, Level};

/// The operands of a kernel; those that it does not have may point anywhere.
pub(crate) type Operands = [*const u8; 5];

/// A kernel over lanes: how many, where the results go, and the operands.
pub(crate) type Kernel = unsafe fn(usize, *mut u8, &Operands);

/// A kernel on single numbers: where the result goes, and the operands.
pub(crate) type ScalarKernel = unsafe fn(*mut u8, *const u8, *const u8, *const u8);

/// A loop over lanes that is built for each instruction set.
pub(crate) trait KernelBody {
    /// Whether vectors of 256 bits are at least as fast as the widest: what waits for the divider gains nothing from
    /// width, and loses on CPUs that run wide vectors in halves.
    const PREFER_256: bool = false;

    /// # Safety
    /// `dst` is valid for writing `n` results, each operand that the loop walks for reading `n` values, each that it
    /// repeats for reading one; all are aligned for their types, and `dst` overlaps no operand.
    unsafe fn run<const F: bool>(n: usize, dst: *mut u8, of: &Operands);
}

/// What a loop is built as.
pub(crate) trait KernelForm {
    type Kernel;

    /// The kernel of a loop for an instruction set.
    fn of<B: KernelBody>(isa: Isa) -> Self::Kernel;
}

/// For any number of lanes.
pub(crate) struct Vector;

/// For one lane, of up to three operands. Their places come in registers of the CPU, and not in memory, which would take
/// longer than most operations.
pub(crate) struct Scalar;

impl KernelForm for Vector {
    type Kernel = Kernel;

    fn of<B: KernelBody>(isa: Isa) -> Kernel {
        match isa.level() {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 if !B::PREFER_256 => x86::avx512::<B>,
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 | Level::Avx512 => x86::avx2::<B>,
            _ => baseline::<B>,
        }
    }
}

impl KernelForm for Scalar {
    type Kernel = ScalarKernel;

    fn of<B: KernelBody>(isa: Isa) -> ScalarKernel {
        match isa.level() {
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 | Level::Avx512 => x86::one::<B>,
            _ => baseline_one::<B>,
        }
    }
}

/// The kernel of a loop for an instruction set.
pub(crate) fn kernel_for<B: KernelBody>(isa: Isa) -> Kernel {
    Vector::of::<B>(isa)
}

/// # Safety
/// As [`KernelBody::run`].
unsafe fn baseline<B: KernelBody>(n: usize, dst: *mut u8, of: &Operands) {
    // SAFETY: the caller keeps the same promise.
    unsafe { B::run::<false>(n, dst, of) }
}

/// # Safety
/// As [`KernelBody::run`], for one lane.
unsafe fn baseline_one<B: KernelBody>(dst: *mut u8, a: *const u8, b: *const u8, c: *const u8) {
    // SAFETY: the caller keeps the same promise.
    unsafe { B::run::<false>(1, dst, &[a, b, c, c, c]) }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{KernelBody, Operands};

    /// # Safety
    /// As [`KernelBody::run`]; the CPU has AVX2 and FMA.
    #[target_feature(enable = "avx2,fma")]
    pub unsafe fn avx2<B: KernelBody>(n: usize, dst: *mut u8, of: &Operands) {
        // SAFETY: the caller keeps the same promise.
        unsafe { B::run::<true>(n, dst, of) }
    }

    /// # Safety
    /// As [`KernelBody::run`], for one lane; the CPU has AVX2 and FMA.
    #[target_feature(enable = "avx2,fma")]
    pub unsafe fn one<B: KernelBody>(dst: *mut u8, a: *const u8, b: *const u8, c: *const u8) {
        // SAFETY: the caller keeps the same promise.
        unsafe { B::run::<true>(1, dst, &[a, b, c, c, c]) }
    }

    /// # Safety
    /// As [`KernelBody::run`]; the CPU has AVX-512 F, BW, DQ and VL.
    #[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl")]
    pub unsafe fn avx512<B: KernelBody>(n: usize, dst: *mut u8, of: &Operands) {
        // SAFETY: the caller keeps the same promise.
        unsafe { B::run::<true>(n, dst, of) }
    }
}
