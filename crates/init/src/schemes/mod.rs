//! The schemes, each declared with `scheme!`.

mod constant;
mod defaults;
mod gain;
mod kaiming;
mod mup;
mod normal;
mod orthogonal;
mod patterns;
mod recurrent;
mod residual;
mod siren;
mod sparse;
mod transformer;
mod uniform;
mod upsampling;
mod variance_scaling;
mod xavier;
mod zero;

pub use constant::{Constant, Ones, Zeros};
pub use defaults::{BurnDefault, KerasDefault, TorchDefault};
pub use gain::{Nonlinearity, calculate_gain};
pub use kaiming::{Kaiming, KaimingNormal, KaimingUniform};
pub use mup::{Mup, Role};
pub use normal::{Normal, TruncNormal, TruncatedNormal};
pub use orthogonal::{DeltaOrthogonal, Orthogonal, orthonormalize};
pub use patterns::{Dirac, Identity};
pub use recurrent::{Chrono, ForgetGateBias, Gate, Irnn};
pub use residual::{Fixup, ReZero, TFixup};
pub use siren::{Siren, SirenFirst};
pub use sparse::Sparse;
pub use transformer::{DeepNorm, Gpt2Residual, SmallInit, Stack, WangInit};
pub use uniform::Uniform;
pub use upsampling::{Bilinear, Icnr};
pub use variance_scaling::{Distribution, LecunNormal, LecunUniform, Mode, VarianceScaling};
pub use xavier::{Xavier, XavierNormal, XavierUniform};
pub use zero::ZerO;
