//! Products of small matrices that lie in the cache, without packing them first.
//!
//! Each element of the result is one chain of fused multiply–adds along the inner axis from its start, as in a call of the
//! `gemm` crate, so that both give the same bits.

use crate::isa::{AVX512, Code, Isa};
use crate::kernels::Float;

/// A matrix as a first element and the distances between rows and between columns, in elements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Strided<T> {
    pub first: *mut T,
    pub rows: isize,
    pub columns: isize,
}

/// A product `m × k` times `k × n`. Columns of the right side and of the result are neighbours in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Product<T> {
    pub m: usize,
    pub n: usize,
    pub k: usize,
    pub left: Strided<T>,
    pub right: Strided<T>,
    pub to: Strided<T>,
    /// Whether the product is added to what stands where the result goes.
    pub accumulate: bool,
}

/// The largest right side that pays, in elements: it must stay in the cache without being packed.
const MAX_RIGHT_SIDE: usize = 1 << 15;
/// The largest product that pays, in multiplications.
pub(crate) const MAX_SMALL_WORK: usize = 1 << 21;

/// How many columns a right side of `k` rows may have for [`Product::run`]; zero where there are no kernels for it.
pub(crate) fn max_columns(k: usize, isa: Isa) -> usize {
    if isa == Isa::BASELINE { 0 } else { MAX_RIGHT_SIDE / k.max(1) }
}

impl<T: Float> Product<T> {
    /// Computes the product if it is small enough, lies as it must, and the instruction set has fused multiply–adds, which the
    /// `gemm` crate uses whatever set the kernels are built for; says whether it did.
    ///
    /// # Safety
    /// The three matrices are valid for their shapes, and the result overlaps neither side. The CPU has `isa`.
    pub unsafe fn run(&self, isa: Isa) -> bool {
        let lies_so = self.right.columns == 1 && self.to.columns == 1;
        if !lies_so || self.k * self.n > MAX_RIGHT_SIDE || self.m * self.n * self.k > MAX_SMALL_WORK {
            return false;
        }
        if isa == Isa::BASELINE {
            return false;
        }
        struct Strips<'p, T>(&'p Product<T>);
        impl<T: Float> Code for Strips<'_, T> {
            #[inline(always)]
            unsafe fn run<const LEVEL: u8>(self) {
                // SAFETY: the promise of the outer function. Two vectors side by side.
                unsafe {
                    match (LEVEL, size_of::<T>()) {
                        (AVX512, 4) => self.0.row_strips::<true, 32>(),
                        (AVX512, _) => self.0.row_strips::<true, 16>(),
                        (_, 4) => self.0.row_strips::<false, 16>(),
                        _ => self.0.row_strips::<false, 8>(),
                    }
                }
            }
        }
        // SAFETY: the caller's promise.
        unsafe { isa.dispatch(Strips(self)) };
        true
    }

    /// Strips of columns, from wide ones to single ones.
    ///
    /// # Safety
    /// As [`Product::run`].
    #[inline(always)]
    pub(super) unsafe fn row_strips<const TALL: bool, const WIDE: usize>(&self) {
        let mut column = 0;
        // SAFETY: strips lie inside of the result.
        unsafe {
            while column + WIDE <= self.n {
                self.rows::<TALL, WIDE>(column);
                column += WIDE;
            }
            if WIDE > 16 && column + 16 <= self.n {
                self.rows::<TALL, 16>(column);
                column += 16;
            }
            if WIDE > 8 && column + 8 <= self.n {
                self.rows::<TALL, 8>(column);
                column += 8;
            }
            if WIDE > 4 && column + 4 <= self.n {
                self.rows::<TALL, 4>(column);
                column += 4;
            }
            while column < self.n {
                self.rows::<TALL, 1>(column);
                column += 1;
            }
        }
    }

    /// Tiles of a strip, from tall ones to single rows.
    ///
    /// # Safety
    /// As [`Product::run`]; the strip lies inside of the result.
    #[inline(always)]
    unsafe fn rows<const TALL: bool, const W: usize>(&self, column: usize) {
        let mut row = 0;
        // SAFETY: tiles lie inside of the strip.
        unsafe {
            while TALL && row + 8 <= self.m {
                self.microkernel::<8, W>(row, column);
                row += 8;
            }
            while row + 4 <= self.m {
                self.microkernel::<4, W>(row, column);
                row += 4;
            }
            while row + 2 <= self.m {
                self.microkernel::<2, W>(row, column);
                row += 2;
            }
            while row < self.m {
                self.microkernel::<1, W>(row, column);
                row += 1;
            }
        }
    }

    /// # Safety
    /// As [`Product::run`]; the tile lies inside of the result.
    #[inline(always)]
    unsafe fn microkernel<const R: usize, const W: usize>(&self, row: usize, column: usize) {
        let mut sums = [[T::ZERO; W]; R];
        // SAFETY: the tile's rows of the left side and columns of the right side lie inside of the matrices.
        unsafe {
            let left = self.left.first.offset(row as isize * self.left.rows).cast_const();
            let mut right = self.right.first.add(column).cast_const();
            for p in 0..self.k as isize {
                let ours = &*right.cast::<[T; W]>();
                for (r, sums) in sums.iter_mut().enumerate() {
                    let x = *left.offset(r as isize * self.left.rows + p * self.left.columns);
                    for (sum, y) in sums.iter_mut().zip(ours) {
                        *sum = x.fused_mul_add::<true>(*y, *sum);
                    }
                }
                right = right.offset(self.right.rows);
            }
            for (r, sums) in sums.iter().enumerate() {
                let to = self.to.first.offset((row + r) as isize * self.to.rows).add(column);
                let to = &mut *to.cast::<[T; W]>();
                if self.accumulate {
                    to.iter_mut().zip(sums).for_each(|(to, sum)| *to = *to + *sum);
                } else {
                    *to = *sums;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A matrix with numbers of either sign, in rows or in columns.
    fn matrix<T: Float + From<f32>>(rows: usize, columns: usize, seed: u32) -> Vec<T> {
        let number = |i: u32| ((i.wrapping_mul(2_654_435_761) >> 8) as f32 / (1 << 23) as f32 - 1.0) * 1.7;
        (0..(rows * columns) as u32).map(|i| T::from(number(i.wrapping_mul(7).wrapping_add(seed)))).collect()
    }

    /// The same product by the `gemm` crate.
    fn by_gemm<T: Float>(of: &Product<T>) -> Vec<T> {
        let mut to = vec![T::ZERO; of.m * of.n];
        let ((a, b), (m, n, k)) = ((of.left, of.right), (of.m, of.n, of.k));
        // SAFETY: the sides are valid for their shapes, and the result is new.
        unsafe {
            gemm::gemm(
                m,
                n,
                k,
                to.as_mut_ptr(),
                1,
                n as isize,
                false,
                a.first.cast_const(),
                a.columns,
                a.rows,
                b.first.cast_const(),
                b.columns,
                b.rows,
                T::ONE,
                T::ONE,
                false,
                false,
                false,
                gemm::Parallelism::None,
            );
        }
        to
    }

    fn held<T: Float + From<f32> + std::fmt::Debug>(m: usize, n: usize, k: usize, by_columns: bool) {
        let (mut a, mut b) = (matrix::<T>(m, k, 1), matrix::<T>(k, n, 2));
        let mut got = vec![T::ONE; m * n];
        let (rows, columns) = if by_columns { (1, m as isize) } else { (k as isize, 1) };
        let product = Product {
            m,
            n,
            k,
            left: Strided { first: a.as_mut_ptr(), rows, columns },
            right: Strided { first: b.as_mut_ptr(), rows: n as isize, columns: 1 },
            to: Strided { first: got.as_mut_ptr(), rows: n as isize, columns: 1 },
            accumulate: false,
        };
        for isa in Isa::available() {
            // SAFETY: the vectors have the lengths of the shapes.
            let is_done = unsafe { product.run(isa) };
            assert_eq!(is_done, isa != Isa::BASELINE);
            if !is_done {
                continue;
            }
            let theirs = by_gemm(&product);
            for (at, got) in got.iter().enumerate() {
                let (i, j) = (at / n, at % n);
                let left = |p: usize| a[i * rows as usize + p * columns as usize];
                let want = (0..k).fold(T::ZERO, |sum, p| left(p).fused_mul_add::<true>(b[p * n + j], sum));
                assert!(*got == want, "{isa} {m}×{k}×{n} at {i}, {j}: {got:?}, not {want:?}");
                // Of a vector the crate adds up longer axes otherwise; the step doubles it to two rows or columns.
                let is_common = k > 0 && (k <= 2 || m > 1 && n > 1);
                assert!(
                    !is_common || *got == theirs[at],
                    "{m}×{k}×{n} at {i}, {j}: {got:?}, by gemm {:?}",
                    theirs[at]
                );
            }
        }
    }

    #[test]
    fn every_element_is_one_chain_whatever_the_tile() {
        for (m, n, k) in [
            (1, 1, 1),
            (8, 32, 5),
            (13, 47, 9),
            (4, 3, 0),
            (9, 64, 17),
            (2, 10, 64),
            (31, 33, 3),
            (40, 24, 512),
        ] {
            for by_columns in [false, true] {
                held::<f32>(m, n, k, by_columns);
                held::<f64>(m, n, k, by_columns);
            }
        }
    }
}
