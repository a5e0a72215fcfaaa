//! How the elements of a value lie in memory: an offset and a stride for each axis, in elements.

use thalweg_autodiff::primitives::SliceRange;

/// A strided view of a buffer. A stride of zero repeats an element, a negative one walks backwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub shape: Vec<usize>,
    pub strides: Vec<isize>,
    pub offset: isize,
}

/// Row-major strides of a shape.
fn row_major(shape: &[usize]) -> Vec<isize> {
    let mut strides = vec![1; shape.len()];
    for i in (1..shape.len()).rev() {
        strides[i - 1] = strides[i] * shape[i] as isize;
    }
    strides
}

impl Layout {
    pub fn contiguous(shape: &[usize]) -> Self {
        Layout { shape: shape.to_vec(), strides: row_major(shape), offset: 0 }
    }

    pub fn num_elements(&self) -> usize {
        self.shape.iter().product()
    }

    /// How many elements there are if each counts once that axes repeat.
    pub fn num_distinct(&self) -> usize {
        self.shape.iter().zip(&self.strides).filter(|(_, stride)| **stride != 0).map(|(n, _)| n).product()
    }

    /// Whether element `i` in row-major order lies at position `i`.
    pub fn is_contiguous(&self) -> bool {
        self.offset == 0 && self.is_dense()
    }

    /// Whether the elements lie one after the other in row-major order, wherever the first one is.
    pub fn is_dense(&self) -> bool {
        let row_major = row_major(&self.shape);
        let same = |i: usize| self.shape[i] == 1 || self.strides[i] == row_major[i];
        (0..self.shape.len()).all(same) || self.num_elements() == 0
    }

    pub fn permute(&self, axes: &[usize]) -> Self {
        let pick = |k: &usize| (self.shape[*k], self.strides[*k]);
        let (shape, strides) = axes.iter().map(pick).unzip();
        Layout { shape, strides, offset: self.offset }
    }

    pub fn broadcast(&self, shape: &[usize]) -> Self {
        let stride = |i: usize| if self.shape[i] == 1 && shape[i] != 1 { 0 } else { self.strides[i] };
        Layout { shape: shape.to_vec(), strides: (0..shape.len()).map(stride).collect(), offset: self.offset }
    }

    pub fn slice(&self, spans: &[SliceRange]) -> Self {
        let mut out = self.clone();
        for (i, span) in spans.iter().enumerate() {
            out.offset += span.start as isize * self.strides[i];
            out.strides[i] *= span.step as isize;
            out.shape[i] = span.stop.saturating_sub(span.start).div_ceil(span.step);
        }
        out
    }

    pub fn flip(&self, axes: &[usize]) -> Self {
        let mut out = self.clone();
        for i in axes {
            out.offset += (self.shape[*i] as isize - 1).max(0) * self.strides[*i];
            out.strides[*i] = -self.strides[*i];
        }
        out
    }

    /// The axes that matter, outermost first: those of length one dropped, neighbours that are one run joined.
    pub fn collapse(&self) -> Vec<(usize, isize)> {
        let mut axes: Vec<(usize, isize)> = vec![];
        for (n, s) in self.shape.iter().zip(&self.strides).filter(|(n, _)| **n != 1) {
            match axes.last_mut() {
                Some((outer, stride)) if *stride == s * *n as isize => (*outer, *stride) = (*outer * n, *s),
                _ => axes.push((*n, *s)),
            }
        }
        axes
    }

    /// The same elements with as few axes as they allow.
    pub fn collapsed(&self) -> Self {
        if self.num_elements() == 0 {
            return Layout::contiguous(&[0]);
        }
        let (shape, strides) = self.collapse().into_iter().unzip();
        Layout { shape, strides, offset: self.offset }
    }

    /// The same elements in row-major order under another shape; `None` where strides cannot say that.
    pub fn reshape(&self, shape: &[usize]) -> Option<Self> {
        if self.num_elements() == 0 {
            return Some(Layout { offset: self.offset, ..Layout::contiguous(shape) });
        }
        let mut strides = vec![0; shape.len()];
        let mut runs = self.collapse();
        let mut run = runs.pop().unwrap_or((1, 1));
        for (n, stride) in shape.iter().zip(&mut strides).rev() {
            *stride = run.1;
            if *n == 1 {
                continue;
            }
            if run.0 == 1 {
                run = runs.pop()?;
                *stride = run.1;
            }
            if !run.0.is_multiple_of(*n) {
                return None;
            }
            run = (run.0 / n, run.1 * *n as isize);
        }
        (run.0 == 1 && runs.is_empty()).then(|| Layout { shape: shape.to_vec(), strides, offset: self.offset })
    }
}

/// The most axes of a value.
pub(crate) const MAX_RANK: usize = 32;

/// A position that walks over the elements of a shape in row-major order, without memory of its own.
pub(crate) struct Position<'s> {
    shape: &'s [usize],
    index: [usize; MAX_RANK],
}

impl<'s> Position<'s> {
    /// The position of element `at` in row-major order.
    pub fn new(shape: &'s [usize], mut at: usize) -> Self {
        let mut index = [0; MAX_RANK];
        for i in (0..shape.len()).rev() {
            index[i] = at % shape[i].max(1);
            at /= shape[i].max(1);
        }
        Position { shape, index }
    }

    /// Where the element lies among those with the given strides.
    pub fn offset(&self, strides: &[isize]) -> isize {
        self.index.iter().zip(strides).take(self.shape.len()).map(|(i, s)| *i as isize * s).sum()
    }

    /// The index along an axis.
    pub fn index(&self, axis: usize) -> usize {
        self.index[axis]
    }

    /// The index along the last axis.
    pub fn last(&self) -> usize {
        self.shape.len().checked_sub(1).map_or(0, |i| self.index[i])
    }

    /// To the next element of the axes before the last `fixed`, whose indices become zero.
    pub fn advance(&mut self, fixed: usize) {
        let moving = self.shape.len() - fixed;
        self.index[moving..self.shape.len()].fill(0);
        for i in (0..moving).rev() {
            self.index[i] += 1;
            if self.index[i] < self.shape[i] {
                return;
            }
            self.index[i] = 0;
        }
    }
}

/// The coarsest shape that both shapes group into by joining neighbouring axes; `None` where their axes overlap, or
/// where it has too many.
pub(crate) fn refine(a: &[usize], b: &[usize]) -> Option<Vec<usize>> {
    let behind = |shape: &[usize]| -> Vec<usize> {
        shape.iter().rev().scan(1, |n, d| Some(std::mem::replace(n, *n * d))).collect()
    };
    let total: usize = a.iter().product();
    let mut bounds: Vec<usize> = behind(a).into_iter().chain(behind(b)).chain([1, total]).collect();
    bounds.sort_unstable();
    bounds.dedup();
    let lengths = bounds.windows(2).rev().map(|w| (w[1] % w[0].max(1) == 0).then(|| w[1] / w[0].max(1)));
    let shape: Vec<usize> = lengths.collect::<Option<_>>()?;
    (shape.len() <= MAX_RANK).then(|| if shape.is_empty() { vec![total] } else { shape })
}

/// The axes of all layouts, which share one shape, with neighbours joined where every layout allows it.
pub(crate) fn common_collapse(layouts: &[&Layout], shape: &[usize]) -> Vec<usize> {
    let mut joined: Vec<usize> = vec![];
    let mut previous: Option<usize> = None;
    for i in (0..shape.len()).filter(|i| shape[*i] != 1) {
        let fits =
            previous.is_some_and(|p| layouts.iter().all(|l| l.strides[p] == l.strides[i] * shape[i] as isize));
        match joined.last_mut() {
            Some(last) if fits => *last *= shape[i],
            _ => joined.push(shape[i]),
        }
        previous = Some(i);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::{Layout, refine};

    fn elements(x: &Layout) -> Vec<isize> {
        let mut all = vec![x.offset];
        for (n, s) in x.shape.iter().zip(&x.strides) {
            all = all.iter().flat_map(|at| (0..*n as isize).map(move |i| at + i * s)).collect();
        }
        all
    }

    #[test]
    fn reshaping_keeps_the_order_of_elements_or_says_that_it_cannot() {
        let x = Layout::contiguous(&[4, 6]);
        let views = [x.clone(), x.permute(&[1, 0]), x.broadcast(&[4, 6]), x.flip(&[0])];
        for view in &views {
            for shape in [&[24][..], &[2, 2, 6], &[6, 4], &[3, 2, 4], &[1, 24, 1], &[2, 3, 2, 2]] {
                if let Some(same) = view.reshape(shape) {
                    assert_eq!(elements(&same), elements(view), "{view:?} as {shape:?}");
                }
            }
        }
        assert!(x.reshape(&[3, 8]).is_some());
        assert!(x.permute(&[1, 0]).reshape(&[24]).is_none());
        assert!(x.permute(&[1, 0]).reshape(&[3, 2, 4]).is_some());
    }

    #[test]
    fn two_shapes_of_one_length_have_a_common_refinement_or_none() {
        assert_eq!(refine(&[32, 64], &[2048]), Some(vec![32, 64]));
        assert_eq!(refine(&[32, 64], &[4, 8, 64]), Some(vec![4, 8, 64]));
        assert_eq!(refine(&[2, 3], &[3, 2]), None);
        assert_eq!(refine(&[1, 1], &[1]), Some(vec![1]));
        assert_eq!(refine(&[6], &[6]), Some(vec![6]));
    }
}
