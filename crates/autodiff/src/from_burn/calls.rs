//! Operations of Burn's backends that are called in another way from one version of Burn to the next.

use burn_backend::ops::{BoolTensorOps, ModuleOps};

use crate::device::{B, Handle};

/// The windows of an average pool that slides, per space axis.
pub(crate) struct Windows<'a> {
    pub kernel: &'a [usize],
    pub stride: &'a [usize],
    pub padding: &'a [usize],
    /// Whether padding counts as elements.
    pub count_include_pad: bool,
    /// Whether a window may stand out behind.
    pub ceil_mode: bool,
}

fn pair(x: &[usize]) -> [usize; 2] {
    [x[0], x[1]]
}

/// Means over windows of one or two space axes.
pub(crate) fn average_pool(x: Handle, of: &Windows) -> Handle {
    let (k, s, p, pad, ceil) = (of.kernel, of.stride, of.padding, of.count_include_pad, of.ceil_mode);
    match k.len() {
        1 => B::avg_pool1d(x, k[0], s[0], p[0], pad, ceil),
        _ => B::avg_pool2d(x, pair(k), pair(s), pair(p), pad, ceil),
    }
}

/// The adjoint of [`average_pool`] at `x`, applied to `y`.
pub(crate) fn average_pool_adjoint(x: Handle, y: Handle, of: &Windows) -> Handle {
    let (k, s, p, pad, ceil) = (of.kernel, of.stride, of.padding, of.count_include_pad, of.ceil_mode);
    match k.len() {
        1 => B::avg_pool1d_backward(x, y, k[0], s[0], p[0], pad, ceil),
        _ => B::avg_pool2d_backward(x, y, pair(k), pair(s), pair(p), pad, ceil),
    }
}

/// Elements of a truth value that are set where an index names them and `values` are true.
pub(crate) fn bool_scatter_or(axis: usize, x: Handle, indices: Handle, values: Handle) -> Handle {
    B::bool_scatter_or(axis, x, indices, values)
}

/// The same for whole slices.
pub(crate) fn bool_select_or(x: Handle, axis: usize, indices: Handle, slices: Handle) -> Handle {
    B::bool_select_or(x, axis, indices, slices)
}
