//! Loops over lanes: what one pass over memory computes.
//!
//! A loop runs tile by tile, small enough for a near cache: it finds where each operand of the tile lies, runs
//! its instructions on the whole tile, one kernel call each, and stores or combines the results. Threads share the
//! tiles; in which order lanes are combined depends neither on that nor on the tiles, see `reduce.rs`.

mod copy;
mod ir;
mod multi_step;
mod reduce;
mod run;

pub(crate) use copy::{copy_view, move_elements};
pub(crate) use ir::{Access, AccessMode, Instruction, Loop, Operand, Partition, Reduce, Store, Tiling};
pub(crate) use multi_step::ScalarCarry;
pub(crate) use reduce::{CHUNK_LANES, CHUNK_ROWS};
