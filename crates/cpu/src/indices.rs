//! Indices among the operands of a program, looked at before it runs.

use thalweg_autodiff::Result;

use crate::buffer::{BufferId, Buffers};
use crate::kernels::Kind;
use crate::layout::{Layout, Position};

/// Indices in memory, and the length of the axis that they count along.
#[derive(Clone, Debug)]
pub(crate) struct Indices {
    buffer: BufferId,
    layout: Layout,
    kind: Kind,
    along: usize,
}

impl Indices {
    /// Those that stand in a buffer as the layout says.
    pub fn new(buffer: BufferId, layout: Layout, kind: Kind, along: usize) -> Self {
        Indices { buffer, layout, kind, along }
    }

    /// Whether all are inside of their axis, as an error that names one that is not.
    ///
    /// # Safety
    /// The buffer holds whole numbers of the kind, as many as the layout says.
    pub unsafe fn check(&self, buffers: Buffers) -> Result<()> {
        let numbers = buffers.pointer(self.buffer).cast_const();
        let mut position = Position::new(&self.layout.shape, 0);
        for _ in 0..self.layout.num_elements() {
            let at = self.layout.offset + position.offset(&self.layout.strides);
            // SAFETY: the caller's promise.
            unsafe { index(numbers, self.kind, at as usize, self.along)? };
            position.advance(0);
        }
        Ok(())
    }
}

/// Index number `at`, if it is inside of its axis.
///
/// # Safety
/// There are so many indices of the kind.
pub(crate) unsafe fn index(indices: *const u8, kind: Kind, at: usize, along: usize) -> Result<usize> {
    // SAFETY: the caller's promise.
    let i = unsafe {
        match kind {
            Kind::I32 => i64::from(*indices.cast::<i32>().add(at)),
            _ => *indices.cast::<i64>().add(at),
        }
    };
    usize::try_from(i).ok().filter(|i| *i < along).ok_or_else(|| {
        thalweg_autodiff::Error::Device(format!(
            "An index is {i}, but the axis that it counts along has {along} elements; give indices from 0 to {}.",
            along.saturating_sub(1)
        ))
    })
}
