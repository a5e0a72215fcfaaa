//! What follows a matrix product element by element, in its operation.

use super::epilogue::{Epilogue, EpilogueRows};
use crate::buffer::{BufferId, Buffers};
use crate::isa::Isa;
use crate::kernels::Float;
use crate::layout::Layout;

/// Finishes parts of a product, by another matrix.
pub(crate) struct EpilogueArgs {
    pub finish: Epilogue,
    buffer: BufferId,
    offset: isize,
    /// Distance between rows, in elements; zero for one row beside all.
    rows: isize,
    isa: Isa,
}

impl EpilogueArgs {
    /// `shape` is the product's. The analysis of the graph has seen to it that the other matrix lies in rows.
    pub fn new((finish, buffer, layout): &(Epilogue, BufferId, Layout), shape: [usize; 2], isa: Isa) -> Self {
        let rows = layout.reshape(&shape).expect("a matrix that lies in rows");
        EpilogueArgs { finish: *finish, buffer: *buffer, offset: rows.offset, rows: rows.strides[0], isa }
    }

    /// How many elements of the other matrix stand beside `m` rows of `n`, each counted once.
    pub fn distinct(&self, m: usize, n: usize) -> usize {
        if self.rows == 0 { n } else { m * n }
    }

    /// Finishes rows `i..i + m` of the product, and of those columns `j..j + n`, whose first element is `product`; rows are
    /// `between` elements apart.
    ///
    /// # Safety
    /// The part lies inside of the product, whose type is `T`, and nothing else touches it.
    pub unsafe fn part<T: Float>(
        &self,
        buffers: Buffers,
        (i, m): (usize, usize),
        (j, n): (usize, usize),
        (product, between): (*mut T, usize),
    ) {
        let first = buffers.pointer(self.buffer).cast::<T>().cast_const();
        // SAFETY: the other matrix has an element beside each of the product, and lies elsewhere. The operation was made for
        // this CPU.
        unsafe {
            let other = first.offset(self.offset + i as isize * self.rows + j as isize);
            let part = EpilogueRows { of: (m, n), product, between, other, between_others: self.rows };
            part.run(self.finish, self.isa);
        }
    }
}
