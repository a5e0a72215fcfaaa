//! Matrices rewritten in the order in which a product takes them.

use super::{Float, Strided, Transpose};
use crate::isa::Isa;

/// Writes `count` rows of a matrix step by step: panels of `high` rows, one after the other, and in each panel its elements of
/// one column, then those of the next.
///
/// # Safety
/// The matrix is valid for `count` rows and `steps` columns, and `to` for whole panels. The CPU has `isa`.
pub(super) unsafe fn lines<T: Float>(
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

/// [`lines`] of whole panels whose rows are neighbours in memory.
///
/// # Safety
/// As [`lines`].
unsafe fn copy<T: Float>(of: Strided<T>, panels: usize, high: usize, steps: usize, to: *mut T, isa: Isa) {
    // SAFETY: the caller's promise. The heights are those of panels of the left side, and of the right side in either type.
    unsafe {
        match (isa, high) {
            #[cfg(target_arch = "x86_64")]
            (Isa::Avx512, 8) => x86::copy::<T, 8>(of, panels, steps, to),
            #[cfg(target_arch = "x86_64")]
            (Isa::Avx512, 32) => x86::copy::<T, 32>(of, panels, steps, to),
            #[cfg(target_arch = "x86_64")]
            (Isa::Avx512, 16) => x86::copy::<T, 16>(of, panels, steps, to),
            _ => {
                for (step, panel) in (0..steps).flat_map(|s| (0..panels).map(move |p| (s, p))) {
                    let from = of.first.offset(step as isize * of.columns).add(panel * high);
                    std::ptr::copy_nonoverlapping(
                        from.cast_const(),
                        to.add((panel * steps + step) * high),
                        high,
                    );
                }
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Float, Strided};

    /// # Safety
    /// As [`lines`](super::lines); the CPU has AVX2.
    #[target_feature(enable = "avx2")]
    pub unsafe fn copy<T: Float, const HIGH: usize>(of: Strided<T>, panels: usize, steps: usize, to: *mut T) {
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
                unsafe { lines(of, (count, high), steps, to.as_mut_ptr(), isa) };
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
