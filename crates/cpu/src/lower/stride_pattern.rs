//! What the strides of an operand say.

use crate::layout::Layout;

/// What the strides of an operand say, whatever the blocks are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Pattern {
    Direct,
    Uniform,
    Periodic(usize),
    PerRun(usize),
    Scattered,
}

impl Pattern {
    pub fn of(layout: &Layout) -> Pattern {
        let axes: Vec<(usize, isize)> =
            layout.shape.iter().copied().zip(layout.strides.iter().copied()).filter(|(n, _)| *n != 1).collect();
        if axes.iter().all(|(_, s)| *s == 0) {
            return Pattern::Uniform;
        }
        if layout.is_dense() {
            return Pattern::Direct;
        }
        let still = axes.iter().take_while(|(_, s)| *s == 0).count();
        let behind = axes.iter().rev().take_while(|(_, s)| *s == 0).count();
        let dense = |axes: &[(usize, isize)]| {
            let mut length = 1;
            axes.iter().rev().all(|(n, s)| {
                let dense = *s == length;
                length *= *n as isize;
                dense
            })
        };
        let length = |axes: &[(usize, isize)]| axes.iter().map(|(n, _)| n).product::<usize>();
        if still > 0 && dense(&axes[still..]) {
            return Pattern::Periodic(length(&axes[still..]));
        }
        if behind > 0 && dense(&axes[..axes.len() - behind]) {
            return Pattern::PerRun(length(&axes[axes.len() - behind..]));
        }
        Pattern::Scattered
    }
}

#[cfg(test)]
mod tests {

    use super::Pattern;
    use crate::layout::{Layout, join};

    #[test]
    fn patterns_are_told_from_strides() {
        let row = Layout::contiguous(&[1, 4]).broadcast(&[3, 4]);
        let column = Layout::contiguous(&[3, 1]).broadcast(&[3, 4]);
        let full = Layout::contiguous(&[3, 4]);
        assert_eq!(Pattern::of(&row), Pattern::Periodic(4));
        assert_eq!(Pattern::of(&column), Pattern::PerRun(4));
        assert_eq!(Pattern::of(&full), Pattern::Direct);
        assert_eq!(Pattern::of(&Layout::contiguous(&[4, 3]).permute(&[1, 0])), Pattern::Scattered);
        assert_eq!(Pattern::of(&Layout::contiguous(&[1, 1]).broadcast(&[3, 4])), Pattern::Uniform);
        assert_eq!(join(&[&full, &full], &[3, 4]), [12]);
        assert_eq!(join(&[&full, &row], &[3, 4]), [3, 4]);
    }
}
