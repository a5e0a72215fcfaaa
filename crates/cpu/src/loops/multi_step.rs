//! Steps that follow each other, tile by tile: where lanes have nothing to do with each other, a tile makes all steps
//! while it lies in a near cache, and threads meet once.

use super::ir::{AccessMode, Loop, Operand};
use super::run::TileContext;
use crate::buffer::{BufferId, Buffers};
use crate::pool::Team;

/// Numbers that steps may carry.
const MAX_CARRIES: usize = 8;

/// A number, one for all lanes, that a step carries to the next one: the result and the operand, by their places among
/// stores and loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ScalarCarry {
    store: usize,
    load: usize,
}

impl Loop {
    /// What steps carry, if `copied` are the places of results and of the inputs that they become, and all other carried
    /// results take their inputs' places; `None` where a tile needs what another one has computed.
    pub fn scalar_carries(&self, copied: &[(BufferId, BufferId)]) -> Option<Vec<ScalarCarry>> {
        let is_written = |buffer: BufferId| self.stores.iter().any(|s| !s.one && s.buffer == buffer);
        let apart = self.loads.iter().all(|load| match load.mode {
            AccessMode::Direct => !is_written(load.buffer) || self.is_by_element(load.buffer),
            AccessMode::Uniform => !is_written(load.buffer),
            _ => false,
        });
        let mut carries = vec![];
        for (from, to) in copied {
            for (store, of) in self.stores.iter().enumerate().filter(|(_, s)| s.buffer == *from) {
                if !of.one {
                    return None;
                }
                let is_read = |l: &super::Access| l.buffer == *to && l.layout.offset == of.offset as isize;
                let loads = self.loads.iter().enumerate().filter(|(_, l)| is_read(l));
                carries.extend(loads.map(|(load, _)| ScalarCarry { store, load }));
            }
        }
        let fits = apart && self.reduces.is_empty() && self.tiling.rows == 1 && carries.len() <= MAX_CARRIES;
        fits.then_some(carries)
    }

    /// Whether a value lies element after element, each for all lanes, so that no lane shares memory with another.
    fn is_by_element(&self, buffer: BufferId) -> bool {
        let whole = |offset: usize| offset.is_multiple_of(self.lanes);
        self.stores.iter().filter(|s| s.buffer == buffer).all(|s| whole(s.offset))
            && self.loads.iter().filter(|l| l.buffer == buffer).all(|l| whole(l.layout.offset.unsigned_abs()))
    }

    /// Makes `times` steps.
    ///
    /// # Safety
    /// As [`Loop::run`]; `carries` is what [`Loop::scalar_carries`] says.
    pub unsafe fn run_n(&self, times: usize, carries: &[ScalarCarry], buffers: Buffers, team: &Team) {
        let tiles = self.tiling.count();
        team.run(self.tasks, &|task, thread| {
            // SAFETY: the caller's promise; each thread has scratch of its own.
            let mut tile = unsafe { TileContext::new(self, buffers.scratch_of(thread)) };
            for column in (task * tiles / self.tasks)..((task + 1) * tiles / self.tasks) {
                // SAFETY: as above; tiles are of different lanes.
                unsafe {
                    tile.begin(buffers);
                    self.steps(&mut tile, times, carries, buffers, column);
                }
            }
        });
    }

    /// # Safety
    /// As [`Loop::run_n`]; the tile has begun.
    unsafe fn steps(
        &self,
        tile: &mut TileContext,
        times: usize,
        carries: &[ScalarCarry],
        buffers: Buffers,
        column: usize,
    ) {
        let mut numbers = [0_u64; MAX_CARRIES];
        let size = |of: &ScalarCarry| self.loads[of.load].kind.size();
        for (number, of) in numbers.iter_mut().zip(carries) {
            let at = self.index(Operand::Load(of.load));
            let own = std::ptr::from_mut(number).cast::<u8>();
            // SAFETY: the operand is one number, of at most eight bytes.
            unsafe { std::ptr::copy_nonoverlapping(tile.pointers[at].cast_const(), own, size(of)) };
            tile.pointers[at] = own;
        }
        for _ in 0..times {
            // SAFETY: as above.
            unsafe { tile.run(buffers, 0, column) };
            // All are read before one is written, since a result may be another operand as it is.
            let mut next = [0_u64; MAX_CARRIES];
            for (next, of) in next.iter_mut().zip(carries) {
                let Some(from) = self.stores[of.store].copied_from else { continue };
                let from = tile.pointers[self.index(from)].cast_const();
                // SAFETY: as above.
                unsafe { std::ptr::copy_nonoverlapping(from, std::ptr::from_mut(next).cast(), size(of)) };
            }
            for (next, of) in next.iter().zip(carries) {
                let to = tile.pointers[self.index(Operand::Load(of.load))];
                // SAFETY: the operand's place is a number of this call.
                unsafe { std::ptr::copy_nonoverlapping(std::ptr::from_ref(next).cast(), to, size(of)) };
            }
        }
    }
}
