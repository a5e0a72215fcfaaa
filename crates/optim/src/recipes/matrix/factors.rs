//! A second moment kept as the means of its rows and columns.

use crate::prelude::*;

/// The root mean square of a tensor, of shape `[1]`.
pub(super) fn rms(x: &Tensor<1>) -> Tensor<1> {
    x.clone().square().mean().sqrt()
}

/// A tensor with two of its axes, rows and columns, in five: what is before, the first of the two, what is between, the
/// second, what is after.
#[derive(Clone, Copy, Debug)]
pub(super) struct Factors {
    lengths: [usize; 5],
    /// Which of the five counts columns; rows are the other of 1 and 3.
    columns: usize,
}

impl Factors {
    fn new(shape: &[usize], rows: usize, columns: usize) -> Self {
        let (first, second) = (rows.min(columns), rows.max(columns));
        let length = |axes: &[usize]| axes.iter().product();
        let lengths = [
            length(&shape[..first]),
            shape[first],
            length(&shape[first + 1..second]),
            shape[second],
            length(&shape[second + 1..]),
        ];
        Factors { lengths, columns: if columns == second { 3 } else { 1 } }
    }

    /// Columns on the last axis, rows on the one before; none for a tensor of one axis.
    pub fn last(shape: &[usize]) -> Option<Self> {
        (shape.len() > 1).then(|| Factors::new(shape, shape.len() - 2, shape.len() - 1))
    }

    /// Columns on the longest axis, rows on the next; none for a tensor of one axis.
    pub fn longest(shape: &[usize]) -> Option<Self> {
        let mut axes: Vec<usize> = (0..shape.len()).collect();
        axes.sort_by_key(|axis| shape[*axis]);
        (shape.len() > 1).then(|| Factors::new(shape, axes[shape.len() - 2], axes[shape.len() - 1]))
    }

    /// The length of the shorter axis.
    pub fn shorter(&self) -> usize {
        self.lengths[1].min(self.lengths[3])
    }

    fn rows(&self) -> usize {
        4 - self.columns
    }

    /// The lengths of the means over an axis.
    fn without(&self, axis: usize) -> [usize; 5] {
        let mut lengths = self.lengths;
        lengths[axis] = 1;
        lengths
    }

    pub fn init(&self, param: &Parameter) -> State {
        let zeros = |lengths: [usize; 5]| param.scalar(0.0).repeat_dim(0, lengths.iter().product());
        State::of([("rows", zeros(self.without(self.columns))), ("columns", zeros(self.without(self.rows())))])
    }

    /// Moves both means towards those of `square` by the part `new`, of shape `[1]`, and gives the second moment that they
    /// stand for; the mean of the rows is at least `least` in it.
    pub fn estimate(&self, state: &mut State, square: Tensor<1>, new: Tensor<1>, least: f64) -> Tensor<1> {
        let square = square.reshape(self.lengths);
        let mut moved = |name, axis: usize| {
            let mean = square.clone().mean_dim(axis);
            let lengths = mean.dims();
            let mean = mean.reshape([lengths.iter().product::<usize>()]);
            let old = state.float(name);
            let moved = old.clone() + (mean - old) * new.clone();
            state.set(name, moved.clone());
            moved.reshape(lengths)
        };
        let rows = moved("rows", self.columns);
        let columns = moved("columns", self.rows());
        let mean = rows.clone().mean_dim(self.rows());
        let mean = if least == 0.0 { mean } else { mean.clamp_min(least) };
        (rows / mean * columns).reshape([self.lengths.iter().product::<usize>()])
    }
}
