use burn_ir::TensorIr;

use super::Importer;
use crate::error::Result;
use crate::ir::Expr;
use crate::primitives::{Conv, ConvKind, Prim, SliceRange};

/// What all of Burn's convolutions share, per space axis.
pub(super) struct Geometry<'a> {
    pub stride: &'a [usize],
    pub padding: Vec<(usize, usize)>,
    pub dilation: &'a [usize],
    pub groups: usize,
}

pub(super) fn both_sides(padding: &[usize]) -> Vec<(usize, usize)> {
    padding.iter().map(|p| (*p, *p)).collect()
}

/// The convolution that a transposed one with a result of shape `out` is the adjoint of, and the part of the result that
/// it knows; the elements behind that part are zero.
///
/// Padding of the result by a stride or more would give the convolution more positions than the transposed one has
/// elements. There the padding of its end takes up what is asked for, as far as it goes.
fn inner_geometry<'a>(
    geometry: &Geometry<'a>,
    padding_out: &[usize],
    out: &[usize],
) -> (Geometry<'a>, Vec<usize>) {
    let mut inner = Geometry { padding: geometry.padding.clone(), ..*geometry };
    let mut within = out.to_vec();
    for (axis, more) in padding_out.iter().enumerate().filter(|(axis, more)| **more >= geometry.stride[*axis]) {
        let end = &mut inner.padding[axis].1;
        within[axis + 2] -= more.saturating_sub(*end);
        *end = end.saturating_sub(*more);
    }
    (inner, within)
}

impl<'b> Importer<'_, 'b> {
    /// One of the three tensors of a convolution from the other two, `a` and `b` in the order x, w, y; `x` and `w`
    /// give the shapes.
    pub(super) fn conv(
        &self,
        role: ConvKind,
        geometry: &Geometry<'_>,
        x: &[usize],
        w: &[usize],
        [a, b]: [Expr<'b>; 2],
    ) -> Expr<'b> {
        let conv = Conv {
            role,
            stride: geometry.stride.to_vec(),
            padding: geometry.padding.clone(),
            dilation: geometry.dilation.to_vec(),
            groups: geometry.groups,
            x: x.to_vec(),
            w: w.to_vec(),
        };
        self.b.push(Prim::Conv(conv), &[a, b])
    }

    pub(super) fn convolution(
        &mut self,
        geometry: &Geometry<'_>,
        [x, w, out]: [&TensorIr; 3],
        bias: &Option<TensorIr>,
    ) -> Result<()> {
        let y = self.conv(ConvKind::Forward, geometry, &x.shape, &w.shape, [self.get(x)?, self.get(w)?]);
        let y = self.biased(y, bias)?;
        self.set(out, y)
    }

    /// A transposed convolution is the input's adjoint of the convolution that runs the other way.
    pub(super) fn transposed_convolution(
        &mut self,
        geometry: &Geometry<'_>,
        padding_out: &[usize],
        [x, w, out]: [&TensorIr; 3],
        bias: &Option<TensorIr>,
    ) -> Result<()> {
        let (geometry, within) = inner_geometry(geometry, padding_out, &out.shape);
        let y = self.conv(ConvKind::BackwardInput, &geometry, &within, &w.shape, [self.get(w)?, self.get(x)?]);
        let y = if within[..] == out.shape[..] {
            y
        } else {
            y.pad_into(out.shape.to_vec(), within.iter().map(|n| SliceRange::full(*n)).collect())
        };
        let y = self.biased(y, bias)?;
        self.set(out, y)
    }

    /// The weight's adjoint of a transposed convolution: that of the convolution that runs the other way.
    pub(super) fn transposed_weight_adjoint(
        &mut self,
        geometry: &Geometry<'_>,
        padding_out: &[usize],
        [x, w, ct]: [&TensorIr; 3],
        out: &TensorIr,
    ) -> Result<()> {
        let (geometry, within) = inner_geometry(geometry, padding_out, &ct.shape);
        let ct = self.get(ct)?.slice(within.iter().map(|n| SliceRange::full(*n)).collect());
        let y = self.conv(ConvKind::BackwardWeight, &geometry, &within, &w.shape, [ct, self.get(x)?]);
        self.set(out, y)
    }

    fn biased(&self, y: Expr<'b>, bias: &Option<TensorIr>) -> Result<Expr<'b>> {
        let Some(bias) = bias else { return Ok(y) };
        let mut per_channel = vec![1; y.rank()];
        per_channel[1] = y.shape()[1];
        Ok(y + self.get(bias)?.reshape(per_channel).broadcast(y.shape()))
    }

    /// The bias's adjoint: a sum over everything but the channels.
    pub(super) fn bias_adjoint(&mut self, ct: &TensorIr, out: &TensorIr) -> Result<()> {
        let ct = self.get(ct)?;
        let others: Vec<usize> = (0..ct.rank()).filter(|a| *a != 1).collect();
        self.set(out, ct.sum(others).reshape(out.shape.to_vec()))
    }
}
