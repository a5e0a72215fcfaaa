//! What an operation with an algorithm of its own is made from, and what it must do.

use thalweg_autodiff::{Eqn, Result, TensorType};

use crate::buffer::{BufferId, Buffers};
use crate::cost::Cost;
use crate::gemm::Epilogue;
use crate::isa::Isa;
use crate::kernels::Kind;
use crate::layout::Layout;
use crate::pool::Team;

/// An operand of an operation: where it lies and how.
#[derive(Clone, Debug)]
pub(crate) struct Operand {
    pub buffer: BufferId,
    pub layout: Layout,
    pub ty: TensorType,
}

/// What an operation is made from.
pub(crate) struct OpContext<'a> {
    pub eqn: &'a Eqn,
    pub inputs: Vec<Operand>,
    /// What follows a product element by element, and where the other matrix lies.
    pub epilogue: Option<(Epilogue, BufferId, Layout)>,
    pub output: BufferId,
    pub kind: Option<Kind>,
    pub isa: Isa,
}

/// An operation that is ready to run.
pub(crate) trait Op: Send + Sync {
    /// # Safety
    /// The buffers are those assigned to this operation, valid for the whole call, and nothing else writes to
    /// them.
    unsafe fn run(&self, buffers: Buffers, team: &Team) -> Result<()>;

    /// Bytes of scratch that each thread needs.
    fn scratch_bytes(&self) -> usize {
        0
    }

    /// Bytes of scratch that is common to all threads.
    fn partial_bytes(&self) -> usize {
        0
    }

    /// How many parts of the work threads may share.
    fn parts(&self) -> usize {
        1
    }

    fn cost(&self) -> Cost;
}
