//! In which order lanes are combined.
//!
//! The order is a property of the reduction: of how many elements it combines, and of nothing else. So a result depends
//! neither on the threads, nor on the lanes beside, nor on what else a loop computes and how its tiles are cut.
//!
//! * Of **neighbours in memory** ([`ReduceAxes::All`], [`ReduceAxes::Inner`]), each [`CHUNK_LANES`] lanes are combined by [`ACCUMULATORS`] interleaved
//!   accumulators, the accumulators by halves, and the chunks one after the other.
//! * Of **rows** ([`ReduceAxes::Outer`]), each [`CHUNK_ROWS`] are combined one after the other, and so is what they give.

use super::ir::{Loop, Reduce};
use crate::buffer::Buffers;
use crate::kernels::{ACCUMULATORS, ReduceAxes, ReduceKernels};

/// Neighbours that are combined before others join.
pub(crate) const CHUNK_LANES: usize = 4096;
/// Rows that are combined before others join.
pub(crate) const CHUNK_ROWS: usize = 32;

/// Lanes that a tile has found: `n` of them, from `start` on.
#[derive(Clone, Copy)]
pub(crate) struct LaneBlock {
    pub from: *const u8,
    pub start: usize,
    pub n: usize,
}

/// What a reduction has so far in this task, and where it goes.
pub(crate) struct Accumulator<'l> {
    pub of: &'l ReduceKernels,
    /// Room for what is not complete yet.
    pub accumulator: *mut u8,
    /// The result, complete when the task is.
    pub out: *mut u8,
    /// Where each piece goes instead, one after the other, if tasks share the result.
    pub partials: Option<*mut u8>,
}

impl Reduce {
    /// Elements that are kept while a piece is not complete, if a tile has so many lanes.
    pub fn accumulator_length(&self, tile: usize) -> usize {
        match self.axes {
            ReduceAxes::All | ReduceAxes::Inner(_) => ACCUMULATORS,
            ReduceAxes::Outer { columns, .. } => columns.min(tile),
        }
    }
}

impl Loop {
    /// How many elements all partials of a reduction have; none where each task has results of its own.
    pub(super) fn partials_length(&self, fold: &Reduce) -> Option<usize> {
        match fold.axes {
            _ if self.tasks == 1 => None,
            ReduceAxes::All => Some(self.lanes.div_ceil(CHUNK_LANES)),
            ReduceAxes::Outer { rows, columns } if self.tiling.rows == 1 && rows * columns == self.lanes => {
                Some(rows.div_ceil(CHUNK_ROWS) * columns)
            }
            ReduceAxes::Inner(_) | ReduceAxes::Outer { .. } => None,
        }
    }

    /// Where the partials of reduction `k` lie.
    pub(super) fn partials_of(&self, buffers: Buffers, k: usize) -> *mut u8 {
        let before: usize = self.reduces[..k].iter().map(|f| self.partials_bytes(f)).sum();
        // SAFETY: the room has the bytes of all partials.
        unsafe { buffers.partials.add(before) }
    }

    /// Bytes of room for the partials of a reduction.
    pub(super) fn partials_bytes(&self, fold: &Reduce) -> usize {
        let bytes = self.partials_length(fold).map_or(0, |n| n * fold.kernels.kind.size());
        bytes.next_multiple_of(64)
    }

    /// Combines the partials that tasks have left, in their order.
    ///
    /// # Safety
    /// All tasks are done.
    pub(super) unsafe fn combine_partials(&self, buffers: Buffers) {
        for (k, fold) in self.reduces.iter().enumerate() {
            let Some(length) = self.partials_length(fold) else { continue };
            let n = if let ReduceAxes::Outer { columns, .. } = fold.axes { columns } else { 1 };
            let (from, to) = (self.partials_of(buffers, k), buffers.pointer(fold.buffer));
            // SAFETY: tasks have written all partials, of `n` elements each; the result has `n`.
            unsafe {
                fold.kernels.fill(n, to);
                fold.kernels.columns(length, n, to, from);
            }
        }
    }

    /// Combines the lanes of a tile.
    ///
    /// # Safety
    /// The lanes, the accumulator and the results are valid; a task's tiles come in order, and begin and end with a piece.
    pub(super) unsafe fn combine(&self, along: ReduceAxes, target: &Accumulator, found: LaneBlock) {
        let LaneBlock { from, start, n } = found;
        // SAFETY: the caller's promise.
        unsafe {
            match along {
                ReduceAxes::Inner(length) if self.tiling.rows == 1 => {
                    let size = target.of.kind.size();
                    target.of.rows(n, length, target.out.add(start / length * size), from);
                }
                ReduceAxes::Inner(length) => target.contiguous(length, found),
                ReduceAxes::All => target.contiguous(self.lanes, found),
                ReduceAxes::Outer { rows, columns } => target.rows([rows, columns], found),
            }
        }
    }
}

impl Accumulator<'_> {
    /// Combines neighbours, `length` of which make one result.
    ///
    /// # Safety
    /// As [`Loop::combine`]; the lanes belong to one result.
    unsafe fn contiguous(&self, length: usize, LaneBlock { from, start, n }: LaneBlock) {
        let size = self.of.kind.size();
        let mut done = 0;
        while done < n {
            let at = (start + done) % length;
            let (run, in_run) = (at / CHUNK_LANES, at % CHUNK_LANES);
            let now = (n - done).min(CHUNK_LANES - in_run);
            // SAFETY: the caller's promise.
            unsafe {
                if in_run == 0 {
                    self.of.fill(ACCUMULATORS, self.accumulator);
                }
                self.of.parts(now, in_run % ACCUMULATORS, self.accumulator, from.add(done * size));
                if in_run + now == CHUNK_LANES || at + now == length {
                    // Room for one element of any kind.
                    let mut element = 0_u64;
                    let one = std::ptr::from_mut(&mut element).cast::<u8>();
                    self.of.rows(ACCUMULATORS, ACCUMULATORS, one, self.accumulator);
                    self.flush(run, 1, (start + done) / length, one);
                }
            }
            done += now;
        }
    }

    /// Combines rows, of which a tile has whole ones or a part of one.
    ///
    /// # Safety
    /// As [`Loop::combine`].
    unsafe fn rows(&self, [rows, columns]: [usize; 2], LaneBlock { from, start, n }: LaneBlock) {
        let size = self.of.kind.size();
        let (wide, column) = (n.min(columns), start % columns);
        let mut done = 0;
        while done < n {
            let row = (start + done) / columns % rows;
            let (rise, in_rise) = (row / CHUNK_ROWS, row % CHUNK_ROWS);
            let now = ((n - done) / wide).min(CHUNK_ROWS - in_rise).min(rows - row);
            // SAFETY: the caller's promise.
            unsafe {
                if in_rise == 0 {
                    self.of.fill(wide, self.accumulator);
                }
                self.of.columns(now * wide, wide, self.accumulator, from.add(done * size));
                if in_rise + now == CHUNK_ROWS || row + now == rows {
                    let first = (start + done) / columns / rows * columns + column;
                    self.flush(rise, wide, first, self.accumulator);
                }
            }
            done += now * wide;
        }
    }

    /// Joins a piece of `n` elements with the result, from element `first` on, or leaves it to be joined with others.
    ///
    /// # Safety
    /// As [`Loop::combine`].
    unsafe fn flush(&self, piece: usize, n: usize, first: usize, from: *const u8) {
        let size = self.of.kind.size();
        // SAFETY: the caller's promise.
        unsafe {
            if let Some(partials) = self.partials {
                std::ptr::copy_nonoverlapping(from, partials.add(piece * n * size), n * size);
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
