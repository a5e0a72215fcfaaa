//! In which order lanes are combined.
//!
//! The order is a property of the reduction: of how many elements it combines, and of nothing else. So a result depends
//! neither on the threads, nor on the lanes beside, nor on what else a loop computes and how its blocks are cut.
//!
//! * Of **neighbours in memory** ([`Along::All`], [`Along::Inner`]), each [`RUN`] lanes are combined in [`PARTS`] interleaved
//!   parts, the parts by halves, and the runs one after the other.
//! * Of **rows** ([`Along::Outer`]), each [`RISE`] are combined one after the other, and so is what they give.

use super::ir::{Fold, Loop};
use crate::buffer::Memory;
use crate::kernels::{Along, Combiner, PARTS};

/// Neighbours that are combined before others join.
pub(crate) const RUN: usize = 4096;
/// Rows that are combined before others join.
pub(crate) const RISE: usize = 32;

/// Lanes that a block has found: `n` of them, from `start` on.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    pub from: *const u8,
    pub start: usize,
    pub n: usize,
}

/// What a reduction has so far in this task, and where it goes.
pub(crate) struct Target<'l> {
    pub of: &'l Combiner,
    /// Room for what is not complete yet.
    pub tile: *mut u8,
    /// The result, complete when the task is.
    pub out: *mut u8,
    /// Where each piece goes instead, one after the other, if tasks share the result.
    pub pieces: Option<*mut u8>,
}

impl Fold {
    /// Elements that are kept while a piece is not complete, if a block has so many lanes.
    pub fn tile_length(&self, block: usize) -> usize {
        match self.along {
            Along::All | Along::Inner(_) => PARTS,
            Along::Outer { columns, .. } => columns.min(block),
        }
    }
}

impl Loop {
    /// How many elements all pieces of a reduction have; none where each task has results of its own.
    pub(super) fn pieces_length(&self, fold: &Fold) -> Option<usize> {
        match fold.along {
            _ if self.tasks == 1 => None,
            Along::All => Some(self.lanes.div_ceil(RUN)),
            Along::Outer { rows, columns } if self.blocks.rows == 1 && rows * columns == self.lanes => {
                Some(rows.div_ceil(RISE) * columns)
            }
            Along::Inner(_) | Along::Outer { .. } => None,
        }
    }

    /// Where the pieces of reduction `k` lie.
    pub(super) fn pieces_of(&self, memory: Memory, k: usize) -> *mut u8 {
        let before: usize = self.folds[..k].iter().map(|f| self.pieces_bytes(f)).sum();
        // SAFETY: the room has the bytes of all pieces.
        unsafe { memory.partials.add(before) }
    }

    /// Bytes of room for the pieces of a reduction.
    pub(super) fn pieces_bytes(&self, fold: &Fold) -> usize {
        let bytes = self.pieces_length(fold).map_or(0, |n| n * fold.combiner.kind.size());
        bytes.next_multiple_of(64)
    }

    /// Combines the pieces that tasks have left, in their order.
    ///
    /// # Safety
    /// All tasks are done.
    pub(super) unsafe fn gather_pieces(&self, memory: Memory) {
        for (k, fold) in self.folds.iter().enumerate() {
            let Some(length) = self.pieces_length(fold) else { continue };
            let n = if let Along::Outer { columns, .. } = fold.along { columns } else { 1 };
            let (from, to) = (self.pieces_of(memory, k), memory.slot(fold.slot));
            // SAFETY: tasks have written all pieces, of `n` elements each; the result has `n`.
            unsafe {
                fold.combiner.fill(n, to);
                fold.combiner.columns(length, n, to, from);
            }
        }
    }

    /// Combines the lanes of a block.
    ///
    /// # Safety
    /// The lanes, the tile and the results are valid; a task's blocks come in order, and begin and end with a piece.
    pub(super) unsafe fn combine(&self, along: Along, target: &Target, found: Found) {
        let Found { from, start, n } = found;
        // SAFETY: the caller's promise.
        unsafe {
            match along {
                Along::Inner(length) if self.blocks.rows == 1 => {
                    let size = target.of.kind.size();
                    target.of.rows(n, length, target.out.add(start / length * size), from);
                }
                Along::Inner(length) => target.neighbours(length, found),
                Along::All => target.neighbours(self.lanes, found),
                Along::Outer { rows, columns } => target.rows([rows, columns], found),
            }
        }
    }
}

impl Target<'_> {
    /// Combines neighbours, `length` of which make one result.
    ///
    /// # Safety
    /// As [`Loop::combine`]; the lanes belong to one result.
    unsafe fn neighbours(&self, length: usize, Found { from, start, n }: Found) {
        let size = self.of.kind.size();
        let mut done = 0;
        while done < n {
            let at = (start + done) % length;
            let (run, in_run) = (at / RUN, at % RUN);
            let now = (n - done).min(RUN - in_run);
            // SAFETY: the caller's promise.
            unsafe {
                if in_run == 0 {
                    self.of.fill(PARTS, self.tile);
                }
                self.of.parts(now, in_run % PARTS, self.tile, from.add(done * size));
                if in_run + now == RUN || at + now == length {
                    // Room for one element of any kind.
                    let mut element = 0_u64;
                    let one = std::ptr::from_mut(&mut element).cast::<u8>();
                    self.of.rows(PARTS, PARTS, one, self.tile);
                    self.hand_over(run, 1, (start + done) / length, one);
                }
            }
            done += now;
        }
    }

    /// Combines rows, of which a block has whole ones or a part of one.
    ///
    /// # Safety
    /// As [`Loop::combine`].
    unsafe fn rows(&self, [rows, columns]: [usize; 2], Found { from, start, n }: Found) {
        let size = self.of.kind.size();
        let (wide, column) = (n.min(columns), start % columns);
        let mut done = 0;
        while done < n {
            let row = (start + done) / columns % rows;
            let (rise, in_rise) = (row / RISE, row % RISE);
            let now = ((n - done) / wide).min(RISE - in_rise).min(rows - row);
            // SAFETY: the caller's promise.
            unsafe {
                if in_rise == 0 {
                    self.of.fill(wide, self.tile);
                }
                self.of.columns(now * wide, wide, self.tile, from.add(done * size));
                if in_rise + now == RISE || row + now == rows {
                    let first = (start + done) / columns / rows * columns + column;
                    self.hand_over(rise, wide, first, self.tile);
                }
            }
            done += now * wide;
        }
    }

    /// Joins a piece of `n` elements with the result, from element `first` on, or leaves it to be joined with others.
    ///
    /// # Safety
    /// As [`Loop::combine`].
    unsafe fn hand_over(&self, piece: usize, n: usize, first: usize, from: *const u8) {
        let size = self.of.kind.size();
        // SAFETY: the caller's promise.
        unsafe {
            if let Some(pieces) = self.pieces {
                std::ptr::copy_nonoverlapping(from, pieces.add(piece * n * size), n * size);
                return;
            }
            let out = self.out.add(first * size);
            if piece == 0 {
                self.of.fill(n, out);
            }
            self.of.columns(n, n, out, from);
        }
    }
}
