//! What a program consists of when it is ready to run.

use rustc_hash::FxHashMap;
use thalweg_autodiff::Result;

use crate::buffer::{Home, Memory, Slot};
use crate::indices::Indices;
use crate::loops::Loop;
use crate::op::Step;
use crate::pool::Team;

/// One unit of work.
pub(crate) enum Work {
    Loop(Box<Loop>),
    Step(Box<dyn Step>),
}

impl Work {
    /// # Safety
    /// The slots are those of the plan, valid for the whole call, and nothing else writes to them.
    pub unsafe fn run(&self, memory: Memory, team: &Team) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe {
            match self {
                Work::Loop(l) => l.run(memory, team),
                Work::Step(s) => s.run(memory, team)?,
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
    Swap { from: Slot, to: Slot },
    /// It is copied.
    Copy { from: Slot, to: Slot, bytes: usize },
}

/// A graph, planned.
pub(crate) struct Planned {
    pub work: Vec<Work>,
    pub homes: Vec<Home>,
    /// Slot of each input; none where nothing reads it.
    pub inputs: Vec<Option<Slot>>,
    /// Slot of each result.
    pub outputs: Vec<Slot>,
    pub carries: Vec<Carry>,
    /// Indices that are looked at before a program with carried results overwrites anything.
    pub indices: Vec<Indices>,
    /// Slots whose elements lie element after element, each for so many lanes.
    pub lane_major: FxHashMap<Slot, usize>,
}
