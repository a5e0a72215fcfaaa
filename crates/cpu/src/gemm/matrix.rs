//! The operands of matrix products.

use super::epilogue_args::EpilogueArgs;
use super::small::Strided;
use crate::cost::Cost;
use crate::kernels::Kind;
use crate::layout::Layout;
use crate::op::OpContext;

/// Rows of the product's inner axis that are multiplied at once. The `gemm` crate cuts no finer, so a result depends
/// on the length of that axis alone.
pub(crate) const KC: usize = 512;

/// A matrix of each lane: offset of the first element, then strides of rows and columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matrix {
    pub offset: isize,
    pub rows: isize,
    pub columns: isize,
}

impl Matrix {
    /// The part from an element on, of the matrix in a buffer that begins at `first`.
    ///
    /// # Safety
    /// The element lies inside of the matrix, and the matrix inside of the buffer.
    pub unsafe fn part<T>(&self, first: *mut T, row: usize, column: usize) -> Strided<T> {
        let Matrix { offset, rows, columns } = *self;
        // SAFETY: the caller's promise.
        let first = unsafe { first.offset(offset + row as isize * rows + column as isize * columns) };
        Strided { first, rows, columns }
    }
}

/// The matrices of an operand, one for each combination of the leading axes of the result.
pub(crate) fn matrices(layout: &Layout, batch: &[usize]) -> Vec<Matrix> {
    let rank = layout.shape.len();
    let leading = Layout {
        shape: layout.shape[..rank - 2].to_vec(),
        strides: layout.strides[..rank - 2].to_vec(),
        offset: layout.offset,
    };
    let leading = leading.broadcast(batch);
    let mut offsets = vec![leading.offset];
    for (n, s) in leading.shape.iter().zip(&leading.strides) {
        offsets = offsets.iter().flat_map(|o| (0..*n as isize).map(move |i| o + i * s)).collect();
    }
    let stride = |axis: usize| layout.strides[axis];
    offsets
        .into_iter()
        .map(|offset| Matrix { offset, rows: stride(rank - 2), columns: stride(rank - 1) })
        .collect()
}

/// The two sides of a product that is one only, and its `m`, `n` and `k`.
pub(crate) fn single(context: &OpContext) -> Option<(Matrix, Matrix, [usize; 3])> {
    let shape = &context.eqn.ty.shape;
    let (batch, matrix) = shape.split_at(shape.len() - 2);
    let (a, b) = (matrices(&context.inputs[0].layout, batch), matrices(&context.inputs[1].layout, batch));
    let k = *context.inputs[0].layout.shape.last()?;
    match (&a[..], &b[..]) {
        ([a], [b]) => Some((*a, *b, [matrix[0], matrix[1], k])),
        _ => None,
    }
}

/// What `count` products `m × k` times `k × n` do, and what follows them.
pub(crate) fn gemm_cost([m, n, k]: [usize; 3], count: usize, kind: Kind, after: Option<&EpilogueArgs>) -> Cost {
    let name = after.map_or(String::new(), |f| format!(" {}", f.finish.name()));
    let (operations, beside) = after.map_or((0, 0), |f| (f.finish.operations(), f.distinct(m, n)));
    Cost {
        name: format!("matmul {count}×[{m},{k}]·[{k},{n}]{name}"),
        flops: (2 * k + operations) * m * n * count,
        bytes: ((m * k + k * n + m * n) * count + beside) * kind.size(),
        falls_back: false,
    }
}
