//! In which order lanes are combined.
//!
//! The order is a property of the reduction: of how many elements it combines, and of nothing else. So a result depends
//! neither on the threads, nor on the lanes beside, nor on what else a loop computes and how its tiles are cut.
//!
//! * **Contiguous elements** ([`ReduceAxes::All`], [`ReduceAxes::Inner`]) are combined in chunks of [`CHUNK_LANES`] by
//!   [`ACCUMULATORS`] interleaved accumulators, the accumulators by halves, and the chunks one after the other.
//! * **Rows** ([`ReduceAxes::Outer`]) are combined in chunks of [`CHUNK_ROWS`], one after the other, and so are the chunks.

use super::ir::{Loop, Reduce};
use crate::buffer::Buffers;
use crate::kernels::{ACCUMULATORS, ReduceAxes, ReduceKernels};

/// Contiguous elements of a chunk.
pub(crate) const CHUNK_LANES: usize = 4096;
/// Rows of a chunk.
pub(crate) const CHUNK_ROWS: usize = 32;

/// The lanes of a tile: `n` of them, from `start` on.
#[derive(Clone, Copy)]
pub(crate) struct LaneBlock {
    pub from: *const u8,
    pub start: usize,
    pub n: usize,
}

/// What a reduction has so far in this task, and where it goes.
pub(crate) struct Accumulator<'l> {
    pub of: &'l ReduceKernels,
    /// Scratch for a chunk that is not complete yet.
    pub running: *mut u8,
    /// The result, complete when the task is.
    pub out: *mut u8,
    /// Where each chunk goes instead, one after the other, if tasks share the result.
    pub partials: Option<*mut u8>,
}

impl Reduce {
    /// Elements that are kept while a chunk is not complete, if a tile has so many lanes.
    pub fn accumulator_length(&self, tile: usize) -> usize {
        match self.axes {
            ReduceAxes::All | ReduceAxes::Inner(_) => ACCUMULATORS,
            ReduceAxes::Outer { columns, .. } => columns.min(tile),
        }
    }
}

impl Loop {
    /// How many elements all partials of a reduction have; none where each task has results of its own.
    pub(super) fn partials_length(&self, reduce: &Reduce) -> Option<usize> {
        match reduce.axes {
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
        // SAFETY: the scratch has the bytes of all partials.
        unsafe { buffers.partials.add(before) }
    }

    /// Bytes of scratch for the partials of a reduction.
    pub(super) fn partials_bytes(&self, reduce: &Reduce) -> usize {
        let bytes = self.partials_length(reduce).map_or(0, |n| n * reduce.kernels.kind.size());
        bytes.next_multiple_of(64)
    }

    /// Combines the partials that tasks have left, in their order.
    ///
    /// # Safety
    /// All tasks are done.
    pub(super) unsafe fn combine_partials(&self, buffers: Buffers) {
        for (k, reduce) in self.reduces.iter().enumerate() {
            let Some(length) = self.partials_length(reduce) else { continue };
            let n = if let ReduceAxes::Outer { columns, .. } = reduce.axes { columns } else { 1 };
            let (from, to) = (self.partials_of(buffers, k), buffers.pointer(reduce.buffer));
            // SAFETY: tasks have written all partials, of `n` elements each; the result has `n`.
            unsafe {
                reduce.kernels.fill(n, to);
                reduce.kernels.columns(length, n, to, from);
            }
        }
    }

    /// Combines the lanes of a tile.
    ///
    /// # Safety
    /// The lanes, the accumulator and the results are valid; a task's tiles come in order, and begin and end with a chunk.
    pub(super) unsafe fn combine(&self, axes: ReduceAxes, target: &Accumulator, block: LaneBlock) {
        let LaneBlock { from, start, n } = block;
        // SAFETY: the caller's promise.
        unsafe {
            match axes {
                ReduceAxes::Inner(length) if self.tiling.rows == 1 => {
                    let size = target.of.kind.size();
                    target.of.rows(n, length, target.out.add(start / length * size), from);
                }
                ReduceAxes::Inner(length) => target.contiguous(length, block),
                ReduceAxes::All => target.contiguous(self.lanes, block),
                ReduceAxes::Outer { rows, columns } => target.rows([rows, columns], block),
            }
        }
    }
}

impl Accumulator<'_> {
    /// Combines contiguous elements, `length` of which make one result.
    ///
    /// # Safety
    /// As [`Loop::combine`]; the lanes belong to one result.
    unsafe fn contiguous(&self, length: usize, LaneBlock { from, start, n }: LaneBlock) {
        let size = self.of.kind.size();
        let mut done = 0;
        while done < n {
            let at = (start + done) % length;
            let (chunk, in_chunk) = (at / CHUNK_LANES, at % CHUNK_LANES);
            let now = (n - done).min(CHUNK_LANES - in_chunk);
            // SAFETY: the caller's promise.
            unsafe {
                if in_chunk == 0 {
                    self.of.fill(ACCUMULATORS, self.running);
                }
                self.of.parts(now, in_chunk % ACCUMULATORS, self.running, from.add(done * size));
                if in_chunk + now == CHUNK_LANES || at + now == length {
                    // Space for one element of any kind.
                    let mut element = 0_u64;
                    let one = std::ptr::from_mut(&mut element).cast::<u8>();
                    self.of.rows(ACCUMULATORS, ACCUMULATORS, one, self.running);
                    self.flush(chunk, 1, (start + done) / length, one);
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
            let (chunk, in_chunk) = (row / CHUNK_ROWS, row % CHUNK_ROWS);
            let now = ((n - done) / wide).min(CHUNK_ROWS - in_chunk).min(rows - row);
            // SAFETY: the caller's promise.
            unsafe {
                if in_chunk == 0 {
                    self.of.fill(wide, self.running);
                }
                self.of.columns(now * wide, wide, self.running, from.add(done * size));
                if in_chunk + now == CHUNK_ROWS || row + now == rows {
                    let first = (start + done) / columns / rows * columns + column;
                    self.flush(chunk, wide, first, self.running);
                }
            }
            done += now * wide;
        }
    }

    /// Joins a chunk of `n` elements with the result, from element `first` on, or leaves it to be joined with others.
    ///
    /// # Safety
    /// As [`Loop::combine`].
    unsafe fn flush(&self, chunk: usize, n: usize, first: usize, from: *const u8) {
        let size = self.of.kind.size();
        // SAFETY: the caller's promise.
        unsafe {
            if let Some(partials) = self.partials {
                std::ptr::copy_nonoverlapping(from, partials.add(chunk * n * size), n * size);
                return;
            }
            let out = self.out.add(first * size);
            if chunk == 0 {
                self.of.fill(n, out);
            }
            self.of.columns(n, n, out, from);
        }
    }
}
