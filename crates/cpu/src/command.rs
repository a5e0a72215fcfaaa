//! What a program consists of when it is ready to run.

use rustc_hash::FxHashMap;
use thalweg_autodiff::Result;

use crate::buffer::{BufferId, Buffers, Storage};
use crate::indices::Indices;
use crate::loops::Loop;
use crate::op::Op;
use crate::pool::Team;

/// One command: a loop, or an operation with an algorithm of its own.
pub(crate) enum Command {
    Loop(Box<Loop>),
    Op(Box<dyn Op>),
}

impl Command {
    /// # Safety
    /// The buffers are those of the executable, valid for the whole call, and nothing else writes to them.
    pub unsafe fn run(&self, buffers: Buffers, team: &Team) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe {
            match self {
                Command::Loop(l) => l.run(buffers, team),
                Command::Op(s) => s.run(buffers, team)?,
            }
        }
        Ok(())
    }
}

/// What happens to a carried result after a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Carry {
    /// It stands in the input's place already.
    InPlace,
    /// The two change places.
    Swap { from: BufferId, to: BufferId },
    /// It is copied.
    Copy { from: BufferId, to: BufferId, bytes: usize },
}

/// A graph, lowered.
pub(crate) struct Executable {
    pub commands: Vec<Command>,
    pub storage: Vec<Storage>,
    /// Buffer of each input; none where nothing reads it.
    pub inputs: Vec<Option<BufferId>>,
    /// Buffer of each result.
    pub outputs: Vec<BufferId>,
    pub carries: Vec<Carry>,
    /// Indices that are looked at before a program with carried results overwrites anything.
    pub indices: Vec<Indices>,
    /// Buffers whose elements lie element after element, each for so many lanes.
    pub transposed: FxHashMap<BufferId, usize>,
}
