//! Matrices rewritten in the order in which a product takes them.

use super::small::Strided;
use super::transpose::Transpose;
use crate::isa::{AVX512, Code, Isa};
use crate::kernels::Float;

/// Writes `count` rows of a matrix step by step: panels of `high` rows, one after the other, and in each panel its elements of
/// one column, then those of the next.
///
/// # Safety
/// The matrix is valid for `count` rows and `steps` columns, and `to` for whole panels. The CPU has `isa`.
pub(crate) unsafe fn pack_panels<T: Float>(
    of: Strided<T>,
    (count, high): (usize, usize),
    steps: usize,
    to: *mut T,
    isa: Isa,
) {
    if of.rows == 1 && count.is_multiple_of(high) {
        // SAFETY: the caller's promise.
        return unsafe { copy(of, count / high, high, steps, to, isa) };
    }
    for first in (0..count).step_by(high) {
        let rows = high.min(count - first);
        // SAFETY: the rows lie inside of the matrix, and the panel inside of the room.
        unsafe {
            let (from, to) = (of.first.offset(first as isize * of.rows).cast_const(), to.add(first * steps));
            if of.columns == 1 {
                let turn = Transpose {
                    rows: steps,
                    columns: rows,
                    from,
                    between_columns: of.rows,
                    to,
                    between_rows: high as isize,
                };
                turn.run(isa);
                continue;
            }
            for step in 0..steps {
                for row in 0..rows {
                    *to.add(step * high + row) =
                        *from.offset(row as isize * of.rows + step as isize * of.columns);
                }
            }
        }
    }
}

/// [`pack_panels`] of whole panels whose rows are neighbours in memory.
///
/// # Safety
/// As [`pack_panels`].
unsafe fn copy<T: Float>(of: Strided<T>, panels: usize, high: usize, steps: usize, to: *mut T, isa: Isa) {
    // SAFETY: the caller's promise.
    unsafe { isa.dispatch(CopyPanels { of, panels, high, steps, to }) }
}

struct CopyPanels<T> {
    of: Strided<T>,
    panels: usize,
    high: usize,
    steps: usize,
    to: *mut T,
}

impl<T: Float> Code for CopyPanels<T> {
    #[inline(always)]
    unsafe fn run<const LEVEL: u8>(self) {
        // SAFETY: the caller's promise. The heights are those of panels of the left side, and of the right side in either type.
        unsafe {
            match (LEVEL, self.high) {
                (AVX512, 8) => self.lines::<8>(),
                (AVX512, 16) => self.lines::<16>(),
                (AVX512, 32) => self.lines::<32>(),
                _ => {
                    for (step, panel) in (0..self.steps).flat_map(|s| (0..self.panels).map(move |p| (s, p))) {
                        let from = self.of.first.offset(step as isize * self.of.columns).add(panel * self.high);
                        let to = self.to.add((panel * self.steps + step) * self.high);
                        std::ptr::copy_nonoverlapping(from.cast_const(), to, self.high);
                    }
                }
            }
        }
    }
}

impl<T: Float> CopyPanels<T> {
    /// # Safety
    /// As [`pack_panels`], for panels of `HIGH`.
    #[inline(always)]
    unsafe fn lines<const HIGH: usize>(&self) {
        let CopyPanels { of, panels, steps, to, .. } = *self;
        for step in 0..steps {
            for panel in 0..panels {
                // SAFETY: the caller's promise.
                unsafe {
                    let from = of.first.offset(step as isize * of.columns).add(panel * HIGH);
                    let line = *from.cast::<[T; HIGH]>();
                    to.add((panel * steps + step) * HIGH).cast::<[T; HIGH]>().write(line);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held<T: Float + From<u16> + std::fmt::Debug>(count: usize, high: usize, steps: usize) {
        let mut matrix: Vec<T> = (0..2 * count * steps).map(|k| T::from(k as u16)).collect();
        // In rows, in columns, and with room between all elements.
        for (rows, columns) in [(steps, 1), (1, count), (2 * steps, 2)] {
            for isa in Isa::available() {
                let mut to = vec![T::from(7); count.next_multiple_of(high) * steps];
                let first = matrix.as_mut_ptr();
                let of = Strided { first, rows: rows as isize, columns: columns as isize };
                // SAFETY: the matrix has the elements, and the result whole panels.
                unsafe { pack_panels(of, (count, high), steps, to.as_mut_ptr(), isa) };
                for (row, step) in (0..count).flat_map(|row| (0..steps).map(move |step| (row, step))) {
                    let got = to[row / high * high * steps + step * high + row % high];
                    let want = matrix[row * rows + step * columns];
                    assert!(got == want, "{isa} {count} by {high}, {steps} steps, at {row}, {step}: {got:?}");
                }
            }
        }
    }

    #[test]
    fn panels_follow_each_other_and_steps_within_them() {
        for (count, high, steps) in [(8, 8, 5), (32, 8, 16), (32, 32, 9), (16, 16, 33), (19, 8, 7), (5, 16, 40)]
        {
            held::<f32>(count, high, steps);
            held::<f64>(count, high, steps);
        }
    }
}
