//! What an operation with an algorithm of its own is made from, and what it must do.

use thalweg_autodiff::{Eqn, Result, Type};

use crate::buffer::{Memory, Slot};
use crate::cost::Account;
use crate::gemm::Finish;
use crate::isa::Isa;
use crate::kernels::Kind;
use crate::layout::Layout;
use crate::pool::Team;

/// An operand of a step: where it lies and how.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub slot: Slot,
    pub layout: Layout,
    pub ty: Type,
}

/// What a step is made from.
pub(crate) struct Site<'a> {
    pub eqn: &'a Eqn,
    pub inputs: Vec<Input>,
    /// What follows a product element by element, and where the other matrix lies.
    pub finish: Option<(Finish, Slot, Layout)>,
    pub output: Slot,
    pub kind: Option<Kind>,
    pub isa: Isa,
}

/// A step that is ready to run.
pub(crate) trait Step: Send + Sync {
    /// # Safety
    /// The slots are those that the plan has made for this step, valid for the whole call, and nothing else writes to
    /// them.
    unsafe fn run(&self, memory: Memory, team: &Team) -> Result<()>;

    /// Bytes of room that each thread needs.
    fn scratch_bytes(&self) -> usize {
        0
    }

    /// Bytes of room that is common to all threads.
    fn partial_bytes(&self) -> usize {
        0
    }

    /// How many parts of the work threads may share.
    fn parts(&self) -> usize {
        1
    }

    fn account(&self) -> Account;
}
