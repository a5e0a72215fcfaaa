//! Steps that follow each other, block by block: where lanes have nothing to do with each other, a block makes all steps
//! while it lies in a near cache, and threads meet once.

use super::ir::{AccessMode, Loop, Operand};
use super::run::TileContext;
use crate::buffer::{BufferId, Buffers};
use crate::pool::Team;

/// Numbers that steps may hand on.
const MOST: usize = 8;

/// A number, one for all lanes, that a step hands to the next one: the result and the operand, by their places among
/// stores and loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ScalarCarry {
    store: usize,
    load: usize,
}

impl Loop {
    /// What steps hand on, if `copied` are the places of results and of the inputs that they become, and all other carried
    /// results take their inputs' places; `None` where a block needs what another one has computed.
    pub fn scalar_carries(&self, copied: &[(BufferId, BufferId)]) -> Option<Vec<ScalarCarry>> {
        let is_written = |slot: BufferId| self.stores.iter().any(|s| !s.one && s.buffer == slot);
        let apart = self.loads.iter().all(|load| match load.mode {
            AccessMode::Direct => !is_written(load.slot) || self.is_by_element(load.slot),
            AccessMode::Uniform => !is_written(load.slot),
            _ => false,
        });
        let mut handed = vec![];
        for (from, to) in copied {
            for (store, of) in self.stores.iter().enumerate().filter(|(_, s)| s.buffer == *from) {
                if !of.one {
                    return None;
                }
                let is_read = |l: &super::Access| l.slot == *to && l.layout.offset == of.offset as isize;
                let loads = self.loads.iter().enumerate().filter(|(_, l)| is_read(l));
                handed.extend(loads.map(|(load, _)| ScalarCarry { store, load }));
            }
        }
        let fits = apart && self.reduces.is_empty() && self.tiling.rows == 1 && handed.len() <= MOST;
        fits.then_some(handed)
    }

    /// Whether a value lies element after element, each for all lanes, so that no lane shares memory with another.
    fn is_by_element(&self, slot: BufferId) -> bool {
        let whole = |offset: usize| offset.is_multiple_of(self.lanes);
        self.stores.iter().filter(|s| s.buffer == slot).all(|s| whole(s.offset))
            && self.loads.iter().filter(|l| l.slot == slot).all(|l| whole(l.layout.offset.unsigned_abs()))
    }

    /// Makes `times` steps.
    ///
    /// # Safety
    /// As [`Loop::run`]; `handed` is what [`Loop::handed`] says.
    pub unsafe fn run_n(&self, times: usize, handed: &[ScalarCarry], memory: Buffers, team: &Team) {
        let blocks = self.tiling.count();
        team.run(self.tasks, &|task, thread| {
            // SAFETY: the caller's promise; each thread has scratch of its own.
            let mut block = unsafe { TileContext::new(self, memory.scratch_of(thread)) };
            for column in (task * blocks / self.tasks)..((task + 1) * blocks / self.tasks) {
                // SAFETY: as above; blocks are of different lanes.
                unsafe {
                    block.begin(memory);
                    self.steps(&mut block, times, handed, memory, column);
                }
            }
        });
    }

    /// # Safety
    /// As [`Loop::repeat`]; the block has begun.
    unsafe fn steps(
        &self,
        block: &mut TileContext,
        times: usize,
        handed: &[ScalarCarry],
        memory: Buffers,
        column: usize,
    ) {
        let mut numbers = [0_u64; MOST];
        let size = |of: &ScalarCarry| self.loads[of.load].kind.size();
        for (number, of) in numbers.iter_mut().zip(handed) {
            let at = self.index(Operand::Load(of.load));
            let own = std::ptr::from_mut(number).cast::<u8>();
            // SAFETY: the operand is one number, of at most eight bytes.
            unsafe { std::ptr::copy_nonoverlapping(block.pointers[at].cast_const(), own, size(of)) };
            block.pointers[at] = own;
        }
        for _ in 0..times {
            // SAFETY: as above.
            unsafe { block.run(memory, 0, column) };
            // All are read before one is written, since a result may be another operand as it is.
            let mut next = [0_u64; MOST];
            for (next, of) in next.iter_mut().zip(handed) {
                let Some(from) = self.stores[of.store].copied_from else { continue };
                let from = block.pointers[self.index(from)].cast_const();
                // SAFETY: as above.
                unsafe { std::ptr::copy_nonoverlapping(from, std::ptr::from_mut(next).cast(), size(of)) };
            }
            for (next, of) in next.iter().zip(handed) {
                let to = block.pointers[self.index(Operand::Load(of.load))];
                // SAFETY: the operand's place is a number of this call.
                unsafe { std::ptr::copy_nonoverlapping(std::ptr::from_ref(next).cast(), to, size(of)) };
            }
        }
    }
}
