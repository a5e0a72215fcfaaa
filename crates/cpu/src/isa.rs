//! Which instructions the kernels use. [`Isa`] is proof that the CPU has them. Code that is built for each instruction set is
//! called through [`Isa::dispatch`]; kernels that are kept as pointers are chosen in `kernels::abi`.

use std::fmt;
use std::sync::OnceLock;

/// Instruction sets, from the narrowest to the widest. All but the first have fused multiply–add.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Whatever the target of the build has.
    Baseline,
    /// AVX2 with fused multiply–add.
    Avx2,
    /// AVX-512 (F, BW, DQ, VL).
    Avx512,
}

impl Level {
    const ALL: [Level; 3] = [Level::Baseline, Level::Avx2, Level::Avx512];
}

/// An instruction set that this CPU has: a value of this type is made by detection only, so that kernels built for it can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Isa(Level);

impl Isa {
    /// The instructions that every CPU has which the program was built for.
    pub const BASELINE: Isa = Isa(Level::Baseline);

    /// The widest one that this CPU has. The environment variable `THALWEG_ISA` (`baseline`, `avx2`, `avx512`) lowers
    /// it, never raises it; other values change nothing.
    pub fn detect() -> Self {
        static ISA: OnceLock<Isa> = OnceLock::new();
        *ISA.get_or_init(|| {
            let wanted = match std::env::var("THALWEG_ISA").as_deref() {
                Ok("baseline") => Level::Baseline,
                Ok("avx2") => Level::Avx2,
                _ => Level::Avx512,
            };
            Isa(widest().min(wanted))
        })
    }

    /// The instruction sets that this CPU has, [`Isa::detect`]'s last.
    pub fn available() -> Vec<Isa> {
        Level::ALL.into_iter().filter(|level| *level <= Isa::detect().0).map(Isa).collect()
    }

    pub(crate) fn level(self) -> Level {
        self.0
    }

    /// Runs code that is built for this instruction set.
    ///
    /// # Safety
    /// What the code asks for.
    pub(crate) unsafe fn dispatch<C: Code>(self, code: C) {
        // SAFETY: the CPU has the instruction set, by the token; the rest is the caller's promise.
        unsafe {
            match self.0 {
                #[cfg(target_arch = "x86_64")]
                Level::Avx512 => x86::avx512_code(code),
                #[cfg(target_arch = "x86_64")]
                Level::Avx2 => x86::avx2_code(code),
                _ => code.run::<BASELINE>(),
            }
        }
    }
}

/// A level as a constant parameter.
pub(crate) const BASELINE: u8 = Level::Baseline as u8;
pub(crate) const AVX2: u8 = Level::Avx2 as u8;
pub(crate) const AVX512: u8 = Level::Avx512 as u8;

/// Code that is built once for each instruction set.
pub(crate) trait Code {
    /// Must be inlined, so that it is built with the instructions of its caller.
    ///
    /// # Safety
    /// What the code asks for; the CPU has the instruction set `LEVEL`.
    unsafe fn run<const LEVEL: u8>(self);
}

#[cfg(target_arch = "x86_64")]
fn widest() -> Level {
    let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    let avx512 = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl");
    match (avx2, avx512) {
        (true, true) => Level::Avx512,
        (true, false) => Level::Avx2,
        _ => Level::Baseline,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn widest() -> Level {
    Level::Baseline
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Level::Baseline => "baseline",
            Level::Avx2 => "AVX2",
            Level::Avx512 => "AVX-512",
        })
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{AVX2, AVX512, Code};

    /// # Safety
    /// As [`Code::run`]; the CPU has AVX2 and FMA.
    #[target_feature(enable = "avx2,fma")]
    pub unsafe fn avx2_code<C: Code>(code: C) {
        // SAFETY: the caller keeps the same promise.
        unsafe { code.run::<AVX2>() }
    }

    /// # Safety
    /// As [`Code::run`]; the CPU has AVX-512 F, BW, DQ and VL.
    #[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl")]
    pub unsafe fn avx512_code<C: Code>(code: C) {
        // SAFETY: the caller keeps the same promise.
        unsafe { code.run::<AVX512>() }
    }
}
