//! Products of matrices that are too large to be multiplied where they lie: both sides are brought into the order in which
//! vectors take them, a panel at a time.
//!
//! The inner axis is added up in pieces. Within a piece each element is one chain of fused multiply–adds from its start,
//! and pieces are added one after the other; so a result depends neither on how the product is cut nor on how its sides lie.

use std::ops::Range;

use super::pack::pack_panels;
use super::small::{MAX_SMALL_WORK, Product, Strided};
use crate::isa::{AVX512, Code, Isa, Level};
use crate::kernels::{Float, prefetch};

/// Rows of a panel of the left side.
pub(crate) const MR: usize = 8;

/// Columns of a panel of the right side, of elements of so many bytes: two of the widest vectors.
pub(crate) const fn nr(size: usize) -> usize {
    128 / size
}

/// Elements of a left side of `m` rows and `k` columns that is packed.
pub(crate) fn packed_length(m: usize, k: usize) -> usize {
    m.next_multiple_of(MR) * k
}

/// Rows from which on it pays to pack the right side: where its columns are lines of memory, they must be turned anyway.
const PACK_MIN_ROWS: usize = 96;
const PACK_MIN_ROWS_TRANSPOSED: usize = 16;
/// Columns and steps of the inner axis from which on it pays to pack at all.
const PACK_MIN_COLUMNS: usize = 17;
const PACK_MIN_DEPTH: usize = 64;

/// Whether a product `[m, n, k]` is computed by panels: too large to be computed where it lies, and of matrices that are not
/// narrow. `turned` says that the columns of the right side are lines of memory. With AVX2 the `gemm` crate is faster.
pub(crate) fn is_for_panels([m, n, k]: [usize; 3], turned: bool, isa: Isa) -> bool {
    let rows = if turned { PACK_MIN_ROWS_TRANSPOSED } else { PACK_MIN_ROWS };
    isa.level() == Level::Avx512
        && m >= rows
        && n >= PACK_MIN_COLUMNS
        && k >= PACK_MIN_DEPTH
        && m * n * k > MAX_SMALL_WORK
}

/// Panels of the left side that are written together where its columns lie in memory, so that a line of the cache that
/// was touched is used up.
const PANELS_PER_TASK: usize = 4;

/// A product of which the left side is packed into `packed`: for each piece of the inner axis, for each panel of rows, and for
/// each step of the piece the panel's rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Panels<T> {
    /// Columns of the result are neighbours in memory.
    pub product: Product<T>,
    /// Steps of the inner axis in a piece; the last one may be shorter.
    pub depth: usize,
    /// Room for [`packed_length`] elements.
    pub packed: *mut T,
}

// SAFETY: the pointers are used in unsafe methods alone, whose callers keep apart what threads write.
unsafe impl<T> Sync for Panels<T> {}

impl<T: Float> Panels<T> {
    /// The pieces of the inner axis: their first steps and how many there are.
    fn pieces(&self) -> impl Iterator<Item = (usize, usize)> {
        let (k, depth) = (self.product.k, self.depth);
        (0..k).step_by(depth).map(move |from| (from, depth.min(k - from)))
    }

    /// Where a panel of the left side is packed, for a piece of so many steps.
    fn panel(&self, panel: usize, (from, steps): (usize, usize)) -> *mut T {
        let rows = self.product.m.next_multiple_of(MR);
        self.packed.wrapping_add(rows * from + panel * MR * steps)
    }

    /// Packs some panels of the left side.
    ///
    /// # Safety
    /// The left side is valid for its shape, the scratch for [`packed_length`] elements, and the panels lie inside of the
    /// product. The CPU has `isa`.
    pub unsafe fn pack(&self, panels: Range<usize>, isa: Isa) {
        let left = self.product.left;
        for piece in self.pieces() {
            let (from, steps) = piece;
            for first in panels.clone().step_by(PANELS_PER_TASK) {
                let last = (first + PANELS_PER_TASK).min(panels.end);
                let rows = (last * MR).min(self.product.m) - first * MR;
                // SAFETY: the rows lie inside of the matrix, and their panels follow each other in the scratch.
                unsafe {
                    let at =
                        left.first.offset((first * MR) as isize * left.rows + from as isize * left.columns);
                    let of = Strided { first: at, ..left };
                    pack_panels(of, (rows, MR), steps, self.panel(first, piece), isa);
                }
            }
        }
    }

    /// Computes columns of the result, at most [`nr`], for some panels of rows. `scratch` has that many elements for each step
    /// of a piece. `after` is called for rows of these columns when they are done, and still near.
    ///
    /// # Safety
    /// The matrices are valid for their shapes, the result overlaps nothing else, and these panels of the left side are packed.
    /// The CPU has `isa`, which is AVX-512.
    pub unsafe fn multiply(
        &self,
        panels: Range<usize>,
        columns: Range<usize>,
        scratch: *mut T,
        after: &dyn Fn(Range<usize>),
        isa: Isa,
    ) {
        let right = self.product.right;
        for (from, steps) in self.pieces() {
            let after = (from + steps == self.product.k).then_some(after);
            let part = Part { from, steps, panels: panels.clone(), columns: columns.clone(), scratch, after };
            // SAFETY: the columns lie inside of the right side.
            unsafe {
                let at =
                    right.first.offset(from as isize * right.rows + columns.start as isize * right.columns);
                // The columns of the right side are packed as the rows of the left one.
                let turned = Strided { first: at, rows: right.columns, columns: right.rows };
                pack_panels(turned, (columns.len(), nr(size_of::<T>())), steps, scratch, isa);
                isa.dispatch(OnPart(self, &part));
            }
        }
    }

    /// Panels of rows times a panel of columns. `WIDE` is [`nr`], so that distances are numbers in the instructions.
    ///
    /// # Safety
    /// As [`Panels::multiply`]; the columns are packed.
    #[inline(always)]
    unsafe fn part<const WIDE: usize>(&self, part: &Part<T>) {
        let Product { m, to, accumulate: adds, .. } = self.product;
        let Part { from, steps, ref panels, ref columns, scratch, after } = *part;
        for panel in panels.clone() {
            self.ask_ahead(part, panel - panels.start);
            let row = panel * MR;
            // SAFETY: the rows of the panel lie inside of the result.
            unsafe {
                let product = Product {
                    m: MR.min(m - row),
                    n: columns.len(),
                    k: steps,
                    left: Strided { first: self.panel(panel, (from, steps)), rows: 1, columns: MR as isize },
                    right: Strided { first: scratch, rows: WIDE as isize, columns: 1 },
                    to: Strided { first: to.first.offset(row as isize * to.rows).add(columns.start), ..to },
                    accumulate: adds || from > 0,
                };
                // Else it would wait for the lines that it writes to, which lie far apart.
                for row in 0..product.m {
                    let line = product.to.first.offset(row as isize * to.rows).cast_const();
                    prefetch::<false>(line.cast());
                    prefetch::<false>(line.wrapping_add(WIDE / 2).cast());
                }
                product.row_strips::<true, WIDE>();
                if let Some(after) = after {
                    after(row..row + product.m);
                }
            }
        }
    }

    /// Asks for lines of the panel of columns that follows, so that they are near when it is packed: a share of them with each
    /// panel of rows.
    #[inline(always)]
    fn ask_ahead(&self, part: &Part<T>, panel: usize) {
        let Product { n, right, .. } = self.product;
        let (line, count) = (64 / size_of::<T>(), part.panels.len());
        let columns = part.columns.end..(part.columns.end + part.columns.len()).min(n);
        let share = |all: usize| panel * all / count..(panel + 1) * all / count;
        let ask = |step: usize, column: usize| {
            let (step, column) = ((part.from + step) as isize, column as isize);
            let at = right.first.wrapping_offset(step * right.rows + column * right.columns);
            prefetch::<true>(at.cast_const().cast());
        };
        if right.columns == 1 {
            share(part.steps)
                .for_each(|step| columns.clone().step_by(line).for_each(|column| ask(step, column)));
        } else if right.rows == 1 {
            share(columns.len())
                .for_each(|k| (0..part.steps).step_by(line).for_each(|step| ask(step, columns.start + k)));
        }
    }
}

/// A part of a result, for a piece of the inner axis.
struct Part<'a, T> {
    from: usize,
    steps: usize,
    panels: Range<usize>,
    columns: Range<usize>,
    /// The packed columns of the right side.
    scratch: *mut T,
    /// What is called for rows that are done, in the last piece.
    after: Option<&'a dyn Fn(Range<usize>)>,
}

/// One piece of the inner axis for a range of panels.
struct OnPart<'p, 'r, T>(&'p Panels<T>, &'p Part<'r, T>);

impl<T: Float> Code for OnPart<'_, '_, T> {
    #[inline(always)]
    unsafe fn run<const LEVEL: u8>(self) {
        assert!(LEVEL == AVX512, "products are computed by panels with AVX-512 only, see `is_for_panels`");
        // SAFETY: the caller's promise. Two vectors of 64 bytes.
        unsafe { if size_of::<T>() == 4 { self.0.part::<32>(self.1) } else { self.0.part::<16>(self.1) } }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// A matrix of `rows × columns` numbers of either sign and its strides.
    fn matrix<T: From<f32>>(
        (rows, columns): (usize, usize),
        lies: StorageOrder,
        seed: u32,
    ) -> (Vec<T>, isize, isize) {
        let (between_rows, between_columns) = match lies {
            StorageOrder::InRows => (columns, 1),
            StorageOrder::InColumns => (1, rows),
            StorageOrder::Apart => (2 * columns, 2),
        };
        let number = |i: u32| {
            let bits = i.wrapping_mul(747_796_405).wrapping_add(seed).wrapping_mul(2_654_435_761);
            (bits >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        let numbers = (0..2 * (rows * columns) as u32).map(|i| T::from(number(i))).collect();
        (numbers, between_rows as isize, between_columns as isize)
    }

    #[derive(Clone, Copy, Debug)]
    enum StorageOrder {
        InRows,
        InColumns,
        Apart,
    }

    fn held<T: Float + From<f32> + std::fmt::Debug>(
        [m, n, k]: [usize; 3],
        depth: usize,
        lie: [StorageOrder; 2],
    ) {
        let (mut a, a_rows, a_columns) = matrix::<T>((m, k), lie[0], 1);
        let (mut b, b_rows, b_columns) = matrix::<T>((k, n), lie[1], 2);
        for isa in Isa::available().into_iter().filter(|isa| isa.level() == Level::Avx512) {
            for adds in [false, true] {
                let mut got = vec![T::ONE; m * n];
                let mut packed = vec![T::ONE; packed_length(m, k)];
                let mut scratch = vec![T::ONE; depth * nr(size_of::<T>())];
                let panels = Panels {
                    product: Product {
                        m,
                        n,
                        k,
                        left: Strided { first: a.as_mut_ptr(), rows: a_rows, columns: a_columns },
                        right: Strided { first: b.as_mut_ptr(), rows: b_rows, columns: b_columns },
                        to: Strided { first: got.as_mut_ptr(), rows: n as isize, columns: 1 },
                        accumulate: adds,
                    },
                    depth,
                    packed: packed.as_mut_ptr(),
                };
                let (count, half) = (m.div_ceil(MR), m.div_ceil(MR) / 2);
                let finished = RefCell::new(vec![0; m]);
                let done = |rows: Range<usize>| finished.borrow_mut()[rows].iter_mut().for_each(|n| *n += 1);
                // SAFETY: the vectors have the lengths of the shapes; the scratch is that of a panel.
                unsafe {
                    panels.pack(half..count, isa);
                    panels.pack(0..half, isa);
                    for column in (0..n).step_by(nr(size_of::<T>())) {
                        let columns = column..(column + nr(size_of::<T>())).min(n);
                        for own in [0..half, half..count] {
                            panels.multiply(own, columns.clone(), scratch.as_mut_ptr(), &done, isa);
                        }
                    }
                }
                assert!(finished.take().iter().all(|times| *times == n.div_ceil(nr(size_of::<T>()))));
                for (at, got) in got.iter().enumerate() {
                    let (i, j) = ((at / n) as isize, (at % n) as isize);
                    let mut want = adds.then_some(T::ONE);
                    for from in (0..k).step_by(depth) {
                        let chain = (from..(from + depth).min(k)).fold(T::ZERO, |sum, p| {
                            let left = a[(i * a_rows + p as isize * a_columns) as usize];
                            left.fused_mul_add::<true>(b[(p as isize * b_rows + j * b_columns) as usize], sum)
                        });
                        want = Some(want.map_or(chain, |before| before + chain));
                    }
                    assert_eq!(Some(*got), want, "{isa} [{m}, {n}, {k}] by {depth}, {lie:?}, at {i}, {j}");
                }
            }
        }
    }

    #[test]
    fn every_element_is_its_pieces_chains_however_the_sides_lie() {
        use StorageOrder::{Apart, InColumns, InRows};
        for shape in [[1, 1, 1], [8, 32, 16], [19, 45, 70], [64, 33, 24], [70, 16, 9]] {
            for lie in [
                [InRows, InRows],
                [InColumns, InRows],
                [InRows, InColumns],
                [InColumns, InColumns],
                [Apart, Apart],
            ] {
                for depth in [16, 24, 70] {
                    held::<f32>(shape, depth, lie);
                    held::<f64>(shape, depth, lie);
                }
            }
        }
    }
}
