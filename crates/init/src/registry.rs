//! All schemes, by name.

use crate::error::{Result, unknown};
use crate::scheme::Entry;
use crate::schemes::*;

/// Every scheme there is, in alphabetical order.
pub const ENTRIES: &[Entry] = &[
    Entry::of::<Bilinear>(),
    Entry::of::<BurnDefault>(),
    Entry::of::<Chrono>(),
    Entry::of::<Constant>(),
    Entry::of::<DeepNorm>(),
    Entry::of::<DeltaOrthogonal>(),
    Entry::of::<Dirac>(),
    Entry::of::<Fixup>(),
    Entry::of::<ForgetGateBias>(),
    Entry::of::<Gpt2Residual>(),
    Entry::of::<Icnr>(),
    Entry::of::<Identity>(),
    Entry::of::<Irnn>(),
    Entry::of::<KaimingNormal>(),
    Entry::of::<KaimingUniform>(),
    Entry::of::<KerasDefault>(),
    Entry::of::<LecunNormal>(),
    Entry::of::<LecunUniform>(),
    Entry::of::<Mimetic>(),
    Entry::of::<Mup>(),
    Entry::of::<Normal>(),
    Entry::of::<Ones>(),
    Entry::of::<Orthogonal>(),
    Entry::of::<ReZero>(),
    Entry::of::<Siren>(),
    Entry::of::<SirenFirst>(),
    Entry::of::<SmallInit>(),
    Entry::of::<Sparse>(),
    Entry::of::<TFixup>(),
    Entry::of::<TorchDefault>(),
    Entry::of::<TruncNormal>(),
    Entry::of::<TruncatedNormal>(),
    Entry::of::<Uniform>(),
    Entry::of::<VarianceScaling>(),
    Entry::of::<WangInit>(),
    Entry::of::<XavierNormal>(),
    Entry::of::<XavierUniform>(),
    Entry::of::<ZerO>(),
    Entry::of::<Zeros>(),
];

/// What is known of the scheme of this name.
///
/// # Errors
/// [`Error::Unknown`](crate::Error::Unknown), with the name that was probably meant.
pub fn entry(name: &str) -> Result<&'static Entry> {
    ENTRIES.iter().find(|e| e.name == name).ok_or_else(|| {
        let all: Vec<&str> = ENTRIES.iter().map(|e| e.name).collect();
        unknown("initializer", name, all.iter().copied(), &format!("the initializers are {}", all.join(", ")))
    })
}
