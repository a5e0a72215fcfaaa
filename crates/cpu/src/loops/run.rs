//! Runs a loop.

use super::copy::copy_view;
use super::ir::{Access, AccessMode, Instruction, Loop, Operand, Partition};
use super::reduce::{Accumulator, LaneBlock};
use crate::buffer::Buffers;
use crate::kernels::{ARGUMENT_COUNT, prefetch};
use crate::pool::Team;

/// Loops over more lanes stream through memory, so that it pays to ask for operands ahead.
const PREFETCH_DISTANCE: usize = 2048;
/// Loops of more instructions wait for them, and not for memory.
const MAX_PREFETCHED: usize = 12;

/// Every register and copy starts on a line of the cache.
fn padded(bytes: usize) -> usize {
    bytes.next_multiple_of(64)
}

/// Where the operands of one thread lie, valid for one tile. The pointers stand in the thread's scratch, so that running
/// allocates nothing: those of registers first, then of loads, numbers, results, and what reductions have so far.
pub(crate) struct TileContext<'l> {
    of: &'l Loop,
    pub pointers: &'l mut [*mut u8],
    /// Where copied loads begin.
    copies: *mut u8,
}

impl Loop {
    /// Bytes of scratch that each thread needs.
    pub fn scratch_bytes(&self) -> usize {
        let lanes = self.tiling.tile;
        let registers: usize = self.registers.iter().map(|size| padded(size * lanes)).sum();
        let copies: usize =
            self.loads.iter().filter(|l| l.is_copied()).map(|l| padded(l.kind.size() * lanes)).sum();
        let accumulators: usize =
            self.reduces.iter().map(|f| padded(f.kernels.kind.size() * f.accumulator_length(lanes))).sum();
        padded(self.num_pointers() * size_of::<*mut u8>()) + registers + accumulators + copies
    }

    fn num_pointers(&self) -> usize {
        let operands = self.registers.len() + self.loads.len() + self.numbers.len() + self.stores.len();
        operands + self.reduces.len()
    }

    /// The place of an operand's pointer.
    pub fn index(&self, operand: Operand) -> usize {
        let (registers, loads, numbers) = (self.registers.len(), self.loads.len(), self.numbers.len());
        match operand {
            Operand::Register(k) => k,
            Operand::Load(k) => registers + k,
            Operand::Number(k) => registers + loads + k,
            Operand::Store(k) => registers + loads + numbers + k,
        }
    }

    /// The place of the pointer to what reduction `k` has so far.
    fn accumulator(&self, k: usize) -> usize {
        self.index(Operand::Store(self.stores.len())) + k
    }

    /// Bytes of scratch for what tasks leave to be combined.
    pub fn partial_bytes(&self) -> usize {
        self.reduces.iter().map(|f| self.partials_bytes(f)).sum()
    }

    /// # Safety
    /// The buffers are those assigned to this loop, valid for the whole call, and nothing else writes to
    /// them.
    pub unsafe fn run(&self, buffers: Buffers, team: &Team) {
        team.run(self.tasks, &|task, thread| {
            let units = self.partition.units(self.tiling);
            let part = (task * units / self.tasks)..((task + 1) * units / self.tasks);
            let per_row = self.tiling.per_row();
            // SAFETY: the caller's promise; each thread has scratch of its own.
            unsafe {
                let mut tile = TileContext::new(self, buffers.scratch_of(thread));
                tile.begin(buffers);
                match self.partition {
                    Partition::Tiles(n) => {
                        let all = (part.start * n)..(part.end * n).min(self.tiling.count());
                        all.for_each(|k| tile.run(buffers, k / per_row, k % per_row));
                    }
                    Partition::Rows => {
                        for row in part {
                            (0..per_row).for_each(|column| tile.run(buffers, row, column));
                        }
                    }
                    Partition::Columns => {
                        for column in part {
                            (0..self.tiling.rows).for_each(|row| tile.run(buffers, row, column));
                        }
                    }
                }
            }
        });
        // SAFETY: all tasks are done.
        unsafe { self.combine_partials(buffers) };
    }
}

impl Access {
    fn is_copied(&self) -> bool {
        matches!(self.mode, AccessMode::Periodic(_) | AccessMode::Copied | AccessMode::CopiedOnce(_))
    }
}

impl<'l> TileContext<'l> {
    /// # Safety
    /// `scratch` has [`Loop::scratch_bytes`], on a line of the cache.
    pub unsafe fn new(of: &'l Loop, scratch: *mut u8) -> Self {
        let count = of.num_pointers();
        // SAFETY: the scratch begins with that of the pointers; writing them makes the slice valid.
        let pointers = unsafe {
            std::ptr::write_bytes(scratch, 0, count * size_of::<*mut u8>());
            std::slice::from_raw_parts_mut(scratch.cast::<*mut u8>(), count)
        };
        // SAFETY: the sum of all sizes is that of the scratch.
        let mut next = unsafe { scratch.add(padded(count * size_of::<*mut u8>())) };
        let mut space = |bytes: usize| {
            let here = next;
            // SAFETY: as above.
            next = unsafe { next.add(padded(bytes)) };
            here
        };
        for (k, size) in of.registers.iter().enumerate() {
            pointers[k] = space(size * of.tiling.tile);
        }
        for (k, reduce) in of.reduces.iter().enumerate() {
            let accumulator = reduce.kernels.kind.size() * reduce.accumulator_length(of.tiling.tile);
            pointers[of.accumulator(k)] = space(accumulator);
        }
        for (k, number) in of.numbers.iter().enumerate() {
            pointers[of.index(Operand::Number(k))] = number.as_ptr().cast_mut();
        }
        TileContext { of, pointers, copies: next }
    }

    /// What is the same for all tiles of a task.
    ///
    /// # Safety
    /// As [`Loop::run`].
    pub unsafe fn begin(&mut self, buffers: Buffers) {
        let mut copy = self.copies;
        for (k, load) in self.of.loads.iter().enumerate() {
            let base = buffers.pointer(load.buffer).cast_const();
            let size = load.kind.size();
            // SAFETY: the layout lies inside of the buffer; a tile's copy has space for a tile.
            let at = unsafe {
                match load.mode {
                    AccessMode::Uniform => base.offset(load.layout.offset * size as isize).cast_mut(),
                    AccessMode::CopiedOnce(period) => {
                        let n = self.of.tiling.tile.min(self.of.lanes);
                        copy_view(base, &load.layout, size, 0, period.min(n), copy);
                        // What is there already is copied behind it, twice as much each time.
                        let mut done = period;
                        while done < n {
                            let more = done.min(n - done);
                            std::ptr::copy_nonoverlapping(copy, copy.add(done * size), more * size);
                            done += more;
                        }
                        copy
                    }
                    _ => std::ptr::null_mut(),
                }
            };
            self.pointers[self.of.index(Operand::Load(k))] = at;
            if load.is_copied() {
                // SAFETY: the scratch has a tile for each copied load.
                copy = unsafe { copy.add(padded(size * self.of.tiling.tile)) };
            }
        }
    }

    #[inline(always)]
    fn pointer(&self, operand: Operand) -> *mut u8 {
        self.pointers[self.of.index(operand)]
    }

    /// # Safety
    /// As [`Loop::run`].
    pub unsafe fn run(&mut self, buffers: Buffers, row: usize, column: usize) {
        let tiles = self.of.tiling;
        let in_row = column * tiles.tile;
        let n = tiles.tile.min(tiles.row - in_row);
        let start = row * tiles.row + in_row;
        // SAFETY: the tile lies inside of the lanes, so operands lie inside of their buffers.
        unsafe {
            self.bind_operands(buffers, start, n);
            for (k, i) in self.of.instructions.iter().enumerate() {
                if !i.list.is_empty() {
                    self.run_list(i, n);
                    continue;
                }
                self.prefetch(k, n);
                let from = i.from.map(|at| self.pointers[at].cast_const());
                (i.kernel)(if i.uniform { 1 } else { n }, self.pointers[i.to], &from);
            }
            for (k, store) in self.of.stores.iter().enumerate() {
                // What is one for all lanes is written once.
                if let Some(from) = store.copied_from.filter(|_| !store.one || start == 0) {
                    let (from, to) = (self.pointer(from).cast_const(), self.pointer(Operand::Store(k)));
                    let n = if store.one { 1 } else { n };
                    std::ptr::copy_nonoverlapping(from, to, n * store.kind.size());
                }
            }
            for (k, reduce) in self.of.reduces.iter().enumerate() {
                let target = Accumulator {
                    of: &reduce.kernels,
                    running: self.pointers[self.of.accumulator(k)],
                    out: buffers.pointer(reduce.buffer),
                    partials: self.of.partials_length(reduce).map(|_| self.of.partials_of(buffers, k)),
                };
                let from = self.pointer(reduce.from).cast_const();
                self.of.combine(reduce.axes, &target, LaneBlock { from, start, n });
            }
        }
    }

    /// Runs a kernel that takes a list of its results and operands; by itself, so that other instructions do not pay for the
    /// list.
    ///
    /// # Safety
    /// As [`Loop::run`].
    #[inline(never)]
    unsafe fn run_list(&self, instruction: &Instruction, n: usize) {
        let mut list = [std::ptr::null_mut(); ARGUMENT_COUNT];
        list.iter_mut().zip(&instruction.list).for_each(|(to, at)| *to = self.pointers[*at]);
        // SAFETY: the lowering has put into the list what the kernel's wants.
        unsafe { (instruction.kernel)(n, std::ptr::null_mut(), &[list.as_ptr().cast(); 5]) }
    }

    /// Asks for a part of the next tile's operands: with each instruction another one, so that memory is always busy.
    #[inline(always)]
    fn prefetch(&self, instruction: usize, n: usize) {
        let steps = self.of.instructions.len();
        if self.of.lanes < PREFETCH_DISTANCE || steps > MAX_PREFETCHED {
            return;
        }
        for (k, load) in self.of.loads.iter().enumerate() {
            if load.mode == AccessMode::Direct {
                let bytes = n * load.kind.size();
                let next = self.pointers[self.of.index(Operand::Load(k))].wrapping_add(bytes);
                let part = |i: usize| i * bytes / steps / 64 * 64;
                (part(instruction)..part(instruction + 1))
                    .step_by(64)
                    .for_each(|at| prefetch::<false>(next.wrapping_add(at)));
            }
        }
    }

    /// Finds the tile's operands and results.
    unsafe fn bind_operands(&mut self, buffers: Buffers, start: usize, n: usize) {
        let mut copy = self.copies;
        for (k, load) in self.of.loads.iter().enumerate() {
            let base = buffers.pointer(load.buffer).cast_const();
            let size = load.kind.size();
            let space = copy;
            if load.is_copied() {
                // SAFETY: the scratch has a tile for each copied load.
                copy = unsafe { copy.add(padded(size * self.of.tiling.tile)) };
            }
            // SAFETY: the elements lie inside of the buffer.
            let at =
                |i: usize| unsafe { base.offset((load.layout.offset + i as isize) * size as isize).cast_mut() };
            let found = match load.mode {
                AccessMode::Uniform | AccessMode::CopiedOnce(_) => continue,
                AccessMode::Direct => at(start),
                AccessMode::PerRow(run) => at(start / run),
                AccessMode::Periodic(period) if start % period + n <= period => at(start % period),
                AccessMode::Periodic(_) | AccessMode::Copied => {
                    // SAFETY: the layout lies inside of the buffer; a tile's copy has space for a tile.
                    unsafe { copy_view(base, &load.layout, size, start, n, space) };
                    space
                }
            };
            self.pointers[self.of.index(Operand::Load(k))] = found;
        }
        for (k, store) in self.of.stores.iter().enumerate() {
            let first = store.offset + if store.one { 0 } else { start };
            // SAFETY: a result has an element for every lane.
            let at = unsafe { buffers.pointer(store.buffer).add(first * store.kind.size()) };
            self.pointers[self.of.index(Operand::Store(k))] = at;
        }
    }
}
