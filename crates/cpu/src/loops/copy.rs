//! Copies elements between layouts.

use crate::layout::{Layout, Position};

/// Writes elements `start..start + n` of a layout one after the other.
///
/// # Safety
/// `from` is the buffer's first element and every element of the layout lies inside of the buffer; `to` has room for
/// `n` elements and does not overlap them. `size` is that of an element.
pub(crate) unsafe fn copy_view(
    from: *const u8,
    layout: &Layout,
    size: usize,
    start: usize,
    n: usize,
    to: *mut u8,
) {
    // SAFETY: the caller's promise, for the type of the element's size.
    unsafe {
        match size {
            1 => copy::<u8>(from.cast(), layout, start, n, to.cast()),
            4 => copy::<u32>(from.cast(), layout, start, n, to.cast()),
            _ => copy::<u64>(from.cast(), layout, start, n, to.cast()),
        }
    }
}

/// # Safety
/// As [`copy_view`].
unsafe fn copy<T: Copy>(from: *const T, layout: &Layout, start: usize, n: usize, to: *mut T) {
    let rank = layout.shape.len();
    if rank == 0 || n == 0 {
        // SAFETY: a layout without axes has one element.
        unsafe { (0..n).for_each(|i| to.add(i).write(from.offset(layout.offset).read())) };
        return;
    }
    let mut position = Position::new(&layout.shape, start);
    let (length, stride) = (layout.shape[rank - 1], layout.strides[rank - 1]);
    let mut done = 0;
    while done < n {
        let at = position.offset(&layout.strides) + layout.offset;
        let run = (length - position.last()).min(n - done);
        // SAFETY: positions stay inside of the shape, so these are elements of the layout; `done + run` is at most `n`.
        unsafe {
            let (from, to) = (from.offset(at), to.add(done));
            match stride {
                1 => std::ptr::copy_nonoverlapping(from, to, run),
                0 => (0..run).for_each(|i| to.add(i).write(*from)),
                _ => (0..run).for_each(|i| to.add(i).write(*from.offset(i as isize * stride))),
            }
        }
        done += run;
        position.advance(1);
    }
}

/// Writes the elements of one layout to the places of another with the same shape.
///
/// # Safety
/// As [`copy_view`], for both layouts; the places are told apart.
pub(crate) unsafe fn move_elements(from: *const u8, of: &Layout, to: *mut u8, places: &Layout, size: usize) {
    let rank = of.shape.len();
    let length = of.shape.last().copied().unwrap_or(1);
    let rows: usize = of.shape.iter().take(rank.saturating_sub(1)).product();
    let strides = |l: &Layout| l.strides.last().copied().unwrap_or(0);
    let (step_from, step_to) = (strides(of), strides(places));
    let bytes = size as isize;
    let mut position = Position::new(&of.shape, 0);
    for _ in 0..rows {
        let at = |l: &Layout| (position.offset(&l.strides) + l.offset) * bytes;
        // SAFETY: positions stay inside of the shape, so these are elements of the layouts.
        unsafe {
            let (from, to) = (from.offset(at(of)), to.offset(at(places)));
            if step_from == 1 && step_to == 1 {
                std::ptr::copy_nonoverlapping(from, to, length * size);
            } else {
                for i in 0..length as isize {
                    let (from, to) = (from.offset(i * step_from * bytes), to.offset(i * step_to * bytes));
                    std::ptr::copy_nonoverlapping(from, to, size);
                }
            }
        }
        position.advance(1.min(rank));
    }
}
