//! Products with so few columns that vectors run along the rows instead.

use super::small::{Product, Strided, max_columns};
use super::transpose::Transpose;
use crate::isa::Isa;
use crate::kernels::Float;

/// Results of at most so many columns are computed this way.
const MAX_COLUMNS: usize = 16;
/// Rows that fill the vectors.
const MIN_ROWS: usize = 32;

/// Whether `m × k` times `k × n` is computed this way; `deepest` is the longest inner axis that is added up at once.
pub(crate) fn has_few_columns(m: usize, n: usize, k: usize, deepest: usize, isa: Isa) -> bool {
    (2..=MAX_COLUMNS).contains(&n) && m >= MIN_ROWS && k <= deepest && max_columns(k, isa) >= MIN_ROWS
}

/// Elements of scratch that the product of `m` rows needs.
pub(crate) fn scratch(m: usize, n: usize, k: usize) -> usize {
    m * (n + k)
}

/// A product as that of the transposed matrices in the other order, which gives every element in the same way. The
/// result's rows lie one after the other, `n` elements each.
pub(crate) struct FewColumns<T> {
    pub m: usize,
    pub n: usize,
    pub k: usize,
    pub left: Strided<T>,
    pub right: Strided<T>,
    pub to: *mut T,
    /// Scratch of [`scratch`] elements.
    pub scratch: *mut T,
}

impl<T: Float> FewColumns<T> {
    /// # Safety
    /// The matrices are valid for their shapes, the result and the scratch overlap neither side, [`has_few_columns`] holds, and
    /// the CPU has `isa`.
    pub unsafe fn run(&self, isa: Isa) {
        let FewColumns { m, n, k, left, right, .. } = *self;
        // SAFETY: the scratch holds the result's columns, then what is transposed of the left side.
        let (result, turned) = unsafe { (self.scratch, self.scratch.add(m * n)) };
        let most = max_columns(k, isa) / 8 * 8;
        let wide = m as isize;
        for row in (0..m).step_by(most) {
            let rows = most.min(m - row);
            // SAFETY: the rows lie inside of the left side, and their columns inside of the scratch.
            unsafe {
                let first = left.first.offset(row as isize * left.rows);
                let columns = if left.rows == 1 {
                    Strided { first, rows: left.columns, columns: 1 }
                } else {
                    let first = first.cast_const();
                    let turn = Transpose {
                        rows: k,
                        columns: rows,
                        from: first,
                        between_columns: left.rows,
                        to: turned,
                        between_rows: rows as isize,
                    };
                    turn.run(isa);
                    Strided { first: turned, rows: rows as isize, columns: 1 }
                };
                let product = Product {
                    m: n,
                    n: rows,
                    k,
                    left: Strided { first: right.first, rows: right.columns, columns: right.rows },
                    right: columns,
                    to: Strided { first: result.add(row), rows: wide, columns: 1 },
                    accumulate: false,
                };
                let is_done = product.run(isa);
                debug_assert!(is_done, "narrow products are small enough for the kernels");
            }
        }
        // SAFETY: the result has `m` rows of `n` elements, the scratch `n` columns of `m`.
        unsafe {
            let turn = Transpose {
                rows: m,
                columns: n,
                from: result.cast_const(),
                between_columns: wide,
                to: self.to,
                between_rows: n as isize,
            };
            turn.run(isa);
        }
    }
}
