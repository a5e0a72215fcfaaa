//! Loops over lanes: what one pass over memory computes.
//!
//! A loop runs block by block, small enough for a near cache: it finds where each operand of the block lies, runs
//! its instructions on the whole block, one kernel call each, and stores or combines the results. Threads share the
//! blocks; in which order lanes are combined depends neither on that nor on the blocks, see `reduce.rs`.

mod access;
mod copy;
mod cut;
mod fold;
mod fuse;
mod lower;
mod reduce;
mod repeat;
mod run;
mod update;

pub(crate) use access::{Access, Place, join};
pub(crate) use copy::{copy_view, move_elements};
pub(crate) use cut::{Blocks, Deal};
pub(crate) use fold::{Combine, Combiner};
pub(crate) use lower::{Plan, bytes_of, lower};
pub(crate) use repeat::Handed;

use crate::isa::Kernel;
use crate::kernels::Kind;
use crate::plan::Along;
use crate::plan::Slot;

/// Where an operand of an instruction is found in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operand {
    /// A register: a block of lanes that only this loop sees.
    Register(usize),
    /// A load, as it lies in memory or as it was copied.
    Load(usize),
    /// A number.
    Number(usize),
    /// A result in memory.
    Store(usize),
}

/// One kernel call per block.
#[derive(Clone, Debug)]
pub(crate) struct Instruction {
    pub kernel: Kernel,
    pub name: String,
    /// Place of the result's pointer, and of the operands'; see [`Loop::index`].
    pub to: usize,
    pub from: [usize; 5],
    /// For a kernel of several results that reads a list in place of these: the places of the pointers in it.
    pub list: Vec<usize>,
    /// Whether all lanes have one value, so that one is computed.
    pub uniform: bool,
}

/// A result that is written block by block.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pub slot: Slot,
    pub kind: Kind,
    /// The element of the slot that the first lane is.
    pub offset: usize,
    /// Whether one element stands for all lanes; it is copied.
    pub one: bool,
    /// The register to copy from where an instruction cannot write in place.
    pub copied_from: Option<Operand>,
}

/// A result that combines lanes.
#[derive(Clone, Debug)]
pub(crate) struct Fold {
    pub combiner: Combiner,
    pub along: Along,
    pub from: Operand,
    pub slot: Slot,
}

/// A loop, ready to run.
#[derive(Clone, Debug)]
pub(crate) struct Loop {
    pub lanes: usize,
    /// Operations of the graph that it carries out on each lane.
    pub operations: usize,
    pub blocks: Blocks,
    pub deal: Deal,
    /// How many tasks the blocks are dealt out to.
    pub tasks: usize,
    pub loads: Vec<Access>,
    /// Bytes of one lane of each register.
    pub registers: Vec<usize>,
    pub numbers: Vec<[u8; 8]>,
    pub instructions: Vec<Instruction>,
    pub stores: Vec<Store>,
    pub folds: Vec<Fold>,
}

/// What a running step may touch: where each slot lies, and room of its own.
#[derive(Clone, Copy)]
pub(crate) struct Memory<'m> {
    pub slots: &'m [*mut u8],
    /// Room for every thread, one after the other.
    pub scratch: *mut u8,
    pub scratch_per_thread: usize,
    /// Room for what tasks hand to each other.
    pub partials: *mut u8,
}
// SAFETY: steps write to what the plan gives to them alone, and threads of one step to parts that do not overlap.
unsafe impl Sync for Memory<'_> {}

impl Memory<'_> {
    pub fn slot(&self, slot: Slot) -> *mut u8 {
        self.slots[slot.index()]
    }

    pub fn scratch_of(&self, thread: usize) -> *mut u8 {
        // SAFETY: there is room for every thread of the pool.
        unsafe { self.scratch.add(thread * self.scratch_per_thread) }
    }
}
