//! What a caller may choose.

use crate::isa::Isa;

/// How a graph is compiled; the default is the best for this CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The instructions that kernels use; [`Isa::detect`] by default.
    pub isa: Isa,
    /// Whether a small graph becomes operations on single numbers, which is the default, or loops over tensors, as a
    /// large one does. Operations on single numbers leave out sums with zero, which padding leaves behind, so that `−0 + 0`
    /// is `−0`, and add up from the first element to the last, where loops add in a fixed number of partial sums.
    pub scalarize: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { isa: Isa::detect(), scalarize: true }
    }
}
