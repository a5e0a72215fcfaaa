//! What the files of primitives share.

use crate::ir::{Expr, TensorType};

/// `axes` counted from a leading batch axis.
pub(crate) fn shifted(axes: &[usize]) -> Vec<usize> {
    axes.iter().map(|a| a + 1).collect()
}

/// `shape` with a leading axis.
pub(crate) fn batched_shape(batch_size: usize, shape: &[usize]) -> Vec<usize> {
    let mut batched = vec![batch_size];
    batched.extend_from_slice(shape);
    batched
}

/// An operand with a batch axis of length one in front, where it has none.
pub(crate) fn with_batch_axis<'b>(x: Expr<'b>, batched: bool) -> Expr<'b> {
    if batched { x } else { x.reshape(batched_shape(1, &x.shape())) }
}

/// An operand with a full batch axis in front.
pub(crate) fn broadcast_to_batch<'b>(x: Expr<'b>, batched: bool, batch_size: usize) -> Expr<'b> {
    if batched { x } else { with_batch_axis(x, false).broadcast(batched_shape(batch_size, &x.shape())) }
}

pub(crate) fn list(numbers: &[usize]) -> String {
    let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
    format!("[{}]", numbers.join(","))
}

/// Refuses an axis that the operand does not have.
pub(crate) fn check_axis(axis: usize, x: &TensorType) -> Result<(), String> {
    if axis < x.rank() { Ok(()) } else { Err(format!("axis {axis} of {x}")) }
}
