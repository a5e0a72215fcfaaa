//! Copies elements between layouts.

use crate::layout::Layout;

/// Writes elements `start..start + n` of a layout one after the other.
///
/// # Safety
/// `from` is the buffer's first element and every element of the layout lies inside of the buffer; `to` has room for
/// `n` elements and does not overlap them. `size` is that of an element.
pub(crate) unsafe fn copy_view(from: *const u8, layout: &Layout, size: usize, start: usize, n: usize, to: *mut u8) {
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
    let mut index = [0_usize; 16];
    let mut rest = start;
    for i in (0..rank).rev() {
        index[i] = rest % layout.shape[i];
        rest /= layout.shape[i];
    }
    let (length, stride) = (layout.shape[rank - 1], layout.strides[rank - 1]);
    let mut done = 0;
    while done < n {
        let at: isize = (0..rank).map(|i| index[i] as isize * layout.strides[i]).sum::<isize>() + layout.offset;
        let run = (length - index[rank - 1]).min(n - done);
        // SAFETY: indices stay below the shape, so these are elements of the layout; `done + run` is at most `n`.
        unsafe {
            let (from, to) = (from.offset(at), to.add(done));
            match stride {
                1 => std::ptr::copy_nonoverlapping(from, to, run),
                0 => (0..run).for_each(|i| to.add(i).write(*from)),
                _ => (0..run).for_each(|i| to.add(i).write(*from.offset(i as isize * stride))),
            }
        }
        done += run;
        index[rank - 1] = 0;
        for i in (0..rank - 1).rev() {
            index[i] += 1;
            if index[i] < layout.shape[i] {
                break;
            }
            index[i] = 0;
        }
    }
}

/// Writes the elements of one layout to the places of another with the same shape.
///
/// # Safety
/// As [`copy_view`], for both layouts; the places are told apart.
pub(crate) unsafe fn move_elements(from: *const u8, of: &Layout, to: *mut u8, places: &Layout, size: usize) {
    let rank = of.shape.len();
    let rows = if rank == 0 { &[][..] } else { &of.shape[..rank - 1] };
    let length = of.shape.last().copied().unwrap_or(1);
    let strides = |l: &Layout| l.strides.last().copied().unwrap_or(0);
    let (step_from, step_to) = (strides(of), strides(places));
    let mut index = vec![0_usize; rows.len()];
    for _ in 0..rows.iter().product::<usize>() {
        let at = |l: &Layout| index.iter().zip(&l.strides).map(|(i, s)| *i as isize * s).sum::<isize>() + l.offset;
        let size = size as isize;
        // SAFETY: indices stay below the shape, so these are elements of the layouts.
        unsafe {
            let (from, to) = (from.offset(at(of) * size), to.offset(at(places) * size));
            if step_from == 1 && step_to == 1 {
                std::ptr::copy_nonoverlapping(from, to, length * size as usize);
            } else {
                for i in 0..length as isize {
                    let (from, to) = (from.offset(i * step_from * size), to.offset(i * step_to * size));
                    std::ptr::copy_nonoverlapping(from, to, size as usize);
                }
            }
        }
        for i in (0..rows.len()).rev() {
            index[i] += 1;
            if index[i] < rows[i] {
                break;
            }
            index[i] = 0;
        }
    }
}
