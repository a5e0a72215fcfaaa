//! Which instructions the kernels use.

use std::fmt;
use std::sync::OnceLock;

/// An instruction set that kernels are built for. All but the portable one use fused multiply–add.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isa {
    /// Whatever the target of the build has.
    Portable,
    /// AVX2 with fused multiply–add.
    Avx2,
    /// AVX-512 (F, BW, DQ, VL).
    Avx512,
}

impl Isa {
    /// The widest one that this CPU has. The environment variable `THALWEG_ISA` (`portable`, `avx2`, `avx512`) lowers
    /// it, never raises it.
    pub fn detect() -> Self {
        static ISA: OnceLock<Isa> = OnceLock::new();
        *ISA.get_or_init(|| {
            let own = widest();
            let wanted = match std::env::var("THALWEG_ISA").as_deref() {
                Ok("portable") => Isa::Portable,
                Ok("avx2") => Isa::Avx2,
                _ => Isa::Avx512,
            };
            if (wanted as u8) < own as u8 { wanted } else { own }
        })
    }

    /// This one, or [`Isa::detect`] where the CPU does not have it.
    pub(crate) fn supported(self) -> Self {
        let most = Isa::detect();
        if (self as u8) < most as u8 { self } else { most }
    }

    /// The instruction sets that this CPU has, [`Isa::detect`]'s last.
    pub fn available() -> Vec<Isa> {
        [Isa::Portable, Isa::Avx2, Isa::Avx512]
            .into_iter()
            .filter(|i| *i as u8 <= Isa::detect() as u8)
            .collect()
    }
}

#[cfg(target_arch = "x86_64")]
fn widest() -> Isa {
    let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    let avx512 = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl");
    match (avx2, avx512) {
        (true, true) => Isa::Avx512,
        (true, false) => Isa::Avx2,
        _ => Isa::Portable,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn widest() -> Isa {
    Isa::Portable
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Isa::Portable => "portable",
            Isa::Avx2 => "AVX2",
            Isa::Avx512 => "AVX-512",
        })
    }
}

/// The operands of a kernel; those that it does not have may point anywhere.
pub(crate) type Operands = [*const u8; 5];

/// A kernel over lanes: how many, where the results go, and the operands.
pub(crate) type Kernel = unsafe fn(usize, *mut u8, &Operands);

/// A kernel on single numbers: where the result goes, and the operands.
pub(crate) type Single = unsafe fn(*mut u8, *const u8, *const u8, *const u8);

/// A loop over lanes that is built for each instruction set.
pub(crate) trait Body {
    /// Whether vectors of 256 bits are at least as fast as the widest: what waits for the divider gains nothing from
    /// width, and loses on CPUs that run wide vectors in halves.
    const NARROW: bool = false;

    /// # Safety
    /// `dst` is valid for writing `n` results, each operand that the loop walks for reading `n` values, each that it
    /// repeats for reading one; all are aligned for their types, and `dst` overlaps no operand.
    unsafe fn run<const F: bool>(n: usize, dst: *mut u8, of: &Operands);
}

/// What a loop is built as.
pub(crate) trait Form {
    type Kernel;

    /// The kernel of a loop for an instruction set.
    fn of<B: Body>(isa: Isa) -> Self::Kernel;
}

/// For any number of lanes.
pub(crate) struct Lanes;

/// For one lane, of up to three operands. Their places come in registers of the CPU, and not in memory, which would take
/// longer than most operations.
pub(crate) struct One;

impl Form for Lanes {
    type Kernel = Kernel;

    fn of<B: Body>(isa: Isa) -> Kernel {
        match isa {
            Isa::Portable => portable::<B>,
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => x86::avx2::<B>,
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 if B::NARROW => x86::avx2::<B>,
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => x86::avx512::<B>,
            #[cfg(not(target_arch = "x86_64"))]
            _ => portable::<B>,
        }
    }
}

impl Form for One {
    type Kernel = Single;

    fn of<B: Body>(isa: Isa) -> Single {
        match isa {
            Isa::Portable => portable_one::<B>,
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 | Isa::Avx512 => x86::one::<B>,
            #[cfg(not(target_arch = "x86_64"))]
            _ => portable_one::<B>,
        }
    }
}

/// The kernel of a loop for an instruction set.
pub(crate) fn version<B: Body>(isa: Isa) -> Kernel {
    Lanes::of::<B>(isa)
}

/// # Safety
/// As [`Body::run`].
unsafe fn portable<B: Body>(n: usize, dst: *mut u8, of: &Operands) {
    // SAFETY: the caller keeps the same promise.
    unsafe { B::run::<false>(n, dst, of) }
}

/// # Safety
/// As [`Body::run`], for one lane.
unsafe fn portable_one<B: Body>(dst: *mut u8, a: *const u8, b: *const u8, c: *const u8) {
    // SAFETY: the caller keeps the same promise.
    unsafe { B::run::<false>(1, dst, &[a, b, c, c, c]) }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Body, Operands};

    /// # Safety
    /// As [`Body::run`]; the CPU has AVX2 and FMA.
    #[target_feature(enable = "avx2,fma")]
    pub unsafe fn avx2<B: Body>(n: usize, dst: *mut u8, of: &Operands) {
        // SAFETY: the caller keeps the same promise.
        unsafe { B::run::<true>(n, dst, of) }
    }

    /// # Safety
    /// As [`Body::run`], for one lane; the CPU has AVX2 and FMA.
    #[target_feature(enable = "avx2,fma")]
    pub unsafe fn one<B: Body>(dst: *mut u8, a: *const u8, b: *const u8, c: *const u8) {
        // SAFETY: the caller keeps the same promise.
        unsafe { B::run::<true>(1, dst, &[a, b, c, c, c]) }
    }

    /// # Safety
    /// As [`Body::run`]; the CPU has AVX-512 F, BW, DQ and VL.
    #[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl")]
    pub unsafe fn avx512<B: Body>(n: usize, dst: *mut u8, of: &Operands) {
        // SAFETY: the caller keeps the same promise.
        unsafe { B::run::<true>(n, dst, of) }
    }
}
