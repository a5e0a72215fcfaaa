//! What the strides of an operand say.

use crate::layout::Layout;

/// What the strides of an operand say, whatever the blocks are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum StridePattern {
    Direct,
    Uniform,
    Periodic(usize),
    PerRun(usize),
    Scattered,
}

impl StridePattern {
    pub fn of(layout: &Layout) -> StridePattern {
        let axes: Vec<(usize, isize)> =
            layout.shape.iter().copied().zip(layout.strides.iter().copied()).filter(|(n, _)| *n != 1).collect();
        if axes.iter().all(|(_, s)| *s == 0) {
            return StridePattern::Uniform;
        }
        if layout.is_dense() {
            return StridePattern::Direct;
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
            return StridePattern::Periodic(length(&axes[still..]));
        }
        if behind > 0 && dense(&axes[..axes.len() - behind]) {
            return StridePattern::PerRun(length(&axes[axes.len() - behind..]));
        }
        StridePattern::Scattered
    }
}

#[cfg(test)]
mod tests {

    use super::StridePattern;
    use crate::layout::{Layout, common_collapse};

    #[test]
    fn patterns_are_told_from_strides() {
        let row = Layout::contiguous(&[1, 4]).broadcast(&[3, 4]);
        let column = Layout::contiguous(&[3, 1]).broadcast(&[3, 4]);
        let full = Layout::contiguous(&[3, 4]);
        assert_eq!(StridePattern::of(&row), StridePattern::Periodic(4));
        assert_eq!(StridePattern::of(&column), StridePattern::PerRun(4));
        assert_eq!(StridePattern::of(&full), StridePattern::Direct);
        assert_eq!(StridePattern::of(&Layout::contiguous(&[4, 3]).permute(&[1, 0])), StridePattern::Scattered);
        assert_eq!(StridePattern::of(&Layout::contiguous(&[1, 1]).broadcast(&[3, 4])), StridePattern::Uniform);
        assert_eq!(common_collapse(&[&full, &full], &[3, 4]), [12]);
        assert_eq!(common_collapse(&[&full, &row], &[3, 4]), [3, 4]);
    }
}
