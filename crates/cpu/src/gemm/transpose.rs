//! Matrices that lie column by column, written row by row.

use crate::isa::Isa;
use crate::kernels::Float;

/// A matrix whose columns are lines of memory, and the place for its rows. Distances are in elements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transpose<T> {
    pub rows: usize,
    pub columns: usize,
    /// The first column, and how far it is to the next one.
    pub from: *const T,
    pub between_columns: isize,
    /// The first row, and how far it is to the next one.
    pub to: *mut T,
    pub between_rows: isize,
}

/// Sides of the tiles, so that a line of the cache that was touched is used up.
const TILE: usize = 16;

impl<T: Float> Transpose<T> {
    /// # Safety
    /// Columns are valid for `rows` elements and rows for `columns`, and they do not overlap. The CPU has `isa`.
    pub unsafe fn run(&self, isa: Isa) {
        let side = if isa == Isa::BASELINE { 1 } else { 32 / size_of::<T>() };
        for column in (0..self.columns).step_by(TILE) {
            for row in (0..self.rows).step_by(TILE) {
                let (height, width) = (TILE.min(self.rows - row), TILE.min(self.columns - column));
                // SAFETY: the tile lies inside of the matrix; squares are asked for only where the CPU has vectors.
                unsafe { self.tile((row, height), (column, width), side) }
            }
        }
    }

    /// # Safety
    /// As [`Transpose::run`]; the tile lies inside of the matrix, and the CPU has AVX2 unless `side` is one.
    unsafe fn tile(&self, (row, height): (usize, usize), (column, width): (usize, usize), side: usize) {
        let whole = |n: usize| if side == 1 { 0 } else { n / side * side };
        let (tall, wide) = (whole(height), whole(width));
        for c in (0..wide).step_by(side) {
            for r in (0..tall).step_by(side) {
                // SAFETY: the square lies inside of the tile.
                unsafe { self.square(row + r, column + c) };
            }
        }
        for c in 0..width {
            for r in if c < wide { tall..height } else { 0..height } {
                // SAFETY: the element lies inside of the tile.
                unsafe { self.to(row + r, column + c).write(*self.from(row + r, column + c)) };
            }
        }
    }

    /// # Safety
    /// The element lies inside of the matrix.
    unsafe fn from(&self, row: usize, column: usize) -> *const T {
        // SAFETY: the caller's promise.
        unsafe { self.from.offset(column as isize * self.between_columns).add(row) }
    }

    /// # Safety
    /// The element lies inside of the matrix.
    unsafe fn to(&self, row: usize, column: usize) -> *mut T {
        // SAFETY: the caller's promise.
        unsafe { self.to.offset(row as isize * self.between_rows).add(column) }
    }

    /// Elements of a vector of 32 bytes in each direction.
    ///
    /// # Safety
    /// As [`Transpose::run`]; the square lies inside of the matrix, and the CPU has AVX2.
    #[inline(always)]
    unsafe fn square(&self, row: usize, column: usize) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the caller's promise; the element types are of four and eight bytes.
        unsafe {
            let (from, to) = (self.from(row, column), self.to(row, column));
            if size_of::<T>() == 4 {
                x86::square_of_8(from.cast(), self.between_columns, to.cast(), self.between_rows);
            } else {
                x86::square_of_4(from.cast(), self.between_columns, to.cast(), self.between_rows);
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = (row, column);
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    /// # Safety
    /// Eight lines of eight elements are valid on either side; the CPU has AVX2.
    #[target_feature(enable = "avx2")]
    pub unsafe fn square_of_8(from: *const f32, step: isize, to: *mut f32, to_step: isize) {
        // SAFETY: the caller's promise.
        let line = |k: isize| unsafe { _mm256_loadu_ps(from.offset(k * step)) };
        // Pairs of neighbours, then fours, each within the halves of the vectors.
        let pairs = |k: isize| {
            let (x, y) = (line(k), line(k + 1));
            (_mm256_unpacklo_ps(x, y), _mm256_unpackhi_ps(x, y))
        };
        let fours = |k: isize| {
            let ((a, b), (c, d)) = (pairs(k), pairs(k + 2));
            [
                _mm256_shuffle_ps::<0x44>(a, c),
                _mm256_shuffle_ps::<0xEE>(a, c),
                _mm256_shuffle_ps::<0x44>(b, d),
                _mm256_shuffle_ps::<0xEE>(b, d),
            ]
        };
        let (upper, lower) = (fours(0), fours(4));
        for k in 0..4 {
            let first = _mm256_permute2f128_ps::<0x20>(upper[k], lower[k]);
            let second = _mm256_permute2f128_ps::<0x31>(upper[k], lower[k]);
            // SAFETY: the caller's promise.
            unsafe {
                _mm256_storeu_ps(to.offset(k as isize * to_step), first);
                _mm256_storeu_ps(to.offset((k as isize + 4) * to_step), second);
            }
        }
    }

    /// # Safety
    /// Four lines of four elements are valid on either side; the CPU has AVX2.
    #[target_feature(enable = "avx2")]
    pub unsafe fn square_of_4(from: *const f64, step: isize, to: *mut f64, to_step: isize) {
        // SAFETY: the caller's promise.
        let line = |k: isize| unsafe { _mm256_loadu_pd(from.offset(k * step)) };
        let pairs = |k: isize| {
            let (x, y) = (line(k), line(k + 1));
            [_mm256_unpacklo_pd(x, y), _mm256_unpackhi_pd(x, y)]
        };
        let (upper, lower) = (pairs(0), pairs(2));
        for k in 0..2 {
            let first = _mm256_permute2f128_pd::<0x20>(upper[k], lower[k]);
            let second = _mm256_permute2f128_pd::<0x31>(upper[k], lower[k]);
            // SAFETY: the caller's promise.
            unsafe {
                _mm256_storeu_pd(to.offset(k as isize * to_step), first);
                _mm256_storeu_pd(to.offset((k as isize + 2) * to_step), second);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held<T: Float + From<u16> + std::fmt::Debug>(rows: usize, columns: usize) {
        let number = |k: usize| T::from(k as u16);
        let (wide, tall) = (columns + 3, rows + 5);
        let from: Vec<T> = (0..columns * tall).map(number).collect();
        for isa in Isa::available() {
            let mut to = vec![number(7); rows * wide];
            let transpose = Transpose {
                rows,
                columns,
                from: from.as_ptr(),
                between_columns: tall as isize,
                to: to.as_mut_ptr(),
                between_rows: wide as isize,
            };
            // SAFETY: the vectors have room for the lines, which lie apart.
            unsafe { transpose.run(isa) };
            for (at, got) in to.iter().enumerate() {
                let (r, c) = (at / wide, at % wide);
                let want = if c < columns { from[c * tall + r] } else { number(7) };
                assert!(*got == want, "{isa} {rows}×{columns} at {r}, {c}: {got:?}, not {want:?}");
            }
        }
    }

    #[test]
    fn every_element_comes_to_its_place_and_nothing_else_is_written() {
        for (rows, columns) in [(1, 1), (8, 8), (16, 16), (7, 19), (33, 40), (64, 3), (20, 12)] {
            held::<f32>(rows, columns);
            held::<f64>(rows, columns);
        }
    }
}
