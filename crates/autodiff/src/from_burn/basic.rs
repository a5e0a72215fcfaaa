use burn::tensor::{IndexingUpdateOp, Slice as BurnSlice};
use burn_ir::BaseOperationIr as Op;

use super::{Importer, literal, ty, unknown, unsupported};
use crate::error::Result;
use crate::ir::{Expr, Literal};
use crate::primitives::elementwise::Elementwise;
use crate::primitives::{Cat, IndexAdd, IndexSelect, Prim, Reduction, Scatter, ScatterOp, SliceRange};

/// Burn's slices of axes with lengths `shape` as spans with positive steps, and the axes that run backwards.
fn spans(slices: &[BurnSlice], shape: &[usize]) -> (Vec<SliceRange>, Vec<usize>) {
    let mut backwards = vec![];
    let span = |(axis, n): (usize, &usize)| {
        let Some(slice) = slices.get(axis) else { return SliceRange::full(*n) };
        let (range, step) = slice.to_range_and_step(*n);
        let (step, stop) = (step.unsigned_abs(), range.end.min(*n));
        let start = range.start.min(stop);
        if slice.step > 0 {
            return SliceRange { start, stop, step };
        }
        // Backwards, Burn starts at the last element of the range.
        backwards.push(axis);
        let count = (stop - start).div_ceil(step);
        let first = if count == 0 { start } else { stop - 1 - (count - 1) * step };
        SliceRange { start: first, stop, step }
    };
    let spans = shape.iter().enumerate().map(span).collect();
    (spans, backwards)
}

fn update_of(update: IndexingUpdateOp) -> ScatterOp {
    match update {
        IndexingUpdateOp::Add => ScatterOp::Add,
        IndexingUpdateOp::Assign => ScatterOp::Assign,
        IndexingUpdateOp::Mul => ScatterOp::Mul,
        IndexingUpdateOp::Max => ScatterOp::Max,
        IndexingUpdateOp::Min => ScatterOp::Min,
    }
}

impl<'b> Importer<'_, 'b> {
    pub(super) fn base(&mut self, op: &Op) -> Result<()> {
        match op {
            Op::Reshape(d) => {
                let y = self.get(&d.input)?.reshape(d.out.shape.to_vec());
                self.set(&d.out, y)
            }
            Op::SwapDims(d) => {
                let y = self.get(&d.input)?.swap(d.dim1, d.dim2);
                self.set(&d.out, y)
            }
            Op::Permute(d) => {
                let y = self.get(&d.input)?.permute(d.axes.clone());
                self.set(&d.out, y)
            }
            Op::Flip(d) => {
                let y = self.get(&d.input)?.flip(d.axes.clone());
                self.set(&d.out, y)
            }
            Op::Expand(d) => {
                // Burn may add axes in front while it stretches.
                let x = self.get(&d.input)?;
                let mut shape = vec![1; d.out.shape.len() - x.rank()];
                shape.extend(x.shape());
                let y = x.reshape(shape).broadcast(d.out.shape.to_vec());
                self.set(&d.out, y)
            }
            Op::Unfold(d) => {
                let y = self.windows(self.get(&d.input)?, d.dim, d.size, d.step);
                self.set(&d.out, y)
            }
            Op::Slice(d) => {
                let x = self.get(&d.tensor)?;
                let (spans, backwards) = spans(&d.ranges, &x.shape());
                self.set(&d.out, x.slice(spans).flip(backwards))
            }
            Op::SliceAssign(d) => {
                let x = self.get(&d.tensor)?;
                let (spans, backwards) = spans(&d.ranges, &x.shape());
                let taken: Vec<usize> = spans.iter().map(|s| s.num_elements()).collect();
                let value = self.get(&d.value)?.broadcast(taken).flip(backwards);
                self.set(&d.out, x.slice_assign(spans, value))
            }
            Op::Select(d) => {
                let prim = Prim::IndexSelect(IndexSelect { axis: d.dim });
                let y = self.b.push(prim, &[self.get(&d.tensor)?, self.get(&d.indices)?]);
                self.set(&d.out, y)
            }
            Op::SelectAssign(d) => {
                let [x, i, v] = [self.get(&d.tensor)?, self.get(&d.indices)?, self.get(&d.value)?];
                let y = match d.update {
                    IndexingUpdateOp::Add => self.b.push(Prim::IndexAdd(IndexAdd { axis: d.dim }), &[x, i, v]),
                    update => {
                        let mut line = vec![1; v.rank()];
                        line[d.dim] = i.shape()[0];
                        let i = i.reshape(line).broadcast(v.shape());
                        self.b
                            .push(Prim::Scatter(Scatter { axis: d.dim, update: update_of(update) }), &[x, i, v])
                    }
                };
                self.set(&d.out, y)
            }
            Op::Gather(d) => {
                let y = self.get(&d.tensor)?.gather(d.dim, self.get(&d.indices)?);
                self.set(&d.out, y)
            }
            Op::Scatter(d) => {
                let prim = Prim::Scatter(Scatter { axis: d.dim, update: update_of(d.update) });
                let args = [self.get(&d.tensor)?, self.get(&d.indices)?, self.get(&d.value)?];
                let y = self.b.push(prim, &args);
                self.set(&d.out, y)
            }
            Op::MaskWhere(d) => {
                let [no, mask, yes] =
                    [&d.tensor, &d.mask, &d.value].map(|t| self.broadcast_operand(t, &d.out.shape));
                let y = mask?.select(yes?, no?);
                self.set(&d.out, y)
            }
            Op::MaskFill(d) => {
                let (x, mask) = (
                    self.broadcast_operand(&d.tensor, &d.out.shape)?,
                    self.broadcast_operand(&d.mask, &d.out.shape)?,
                );
                let y = mask.select(self.b.literal(literal(d.value, &x.ty()), x.ty()), x);
                self.set(&d.out, y)
            }
            Op::Equal(d) => self.binary(Elementwise::Eq, &d.lhs, &d.rhs, &d.out),
            Op::NotEqual(d) => self.binary(Elementwise::Ne, &d.lhs, &d.rhs, &d.out),
            Op::EqualElem(d) => self.scalar(Elementwise::Eq, &d.lhs, d.rhs, &d.out),
            Op::NotEqualElem(d) => self.scalar(Elementwise::Ne, &d.lhs, d.rhs, &d.out),
            Op::RepeatDim(d) => {
                let x = self.get(&d.tensor)?;
                let (mut thin, mut wide) = (x.shape(), x.shape());
                thin.insert(d.dim, 1);
                wide.insert(d.dim, d.times);
                let y = x.reshape(thin).broadcast(wide).reshape(d.out.shape.to_vec());
                self.set(&d.out, y)
            }
            Op::Cat(d) => {
                let args = d.tensors.iter().map(|t| self.get(t)).collect::<Result<Vec<Expr>>>()?;
                let y = self.b.push(Prim::Cat(Cat { axis: d.dim }), &args);
                self.set(&d.out, y)
            }
            Op::Cast(d) => {
                let y = self.get(&d.input)?.convert(d.out.dtype);
                self.set(&d.out, y)
            }
            Op::Empty(d) | Op::Zeros(d) => {
                let y = self.b.full(0.0, &ty(&d.out));
                self.set(&d.out, y)
            }
            Op::Ones(d) => {
                let y = self.b.full(1.0, &ty(&d.out));
                self.set(&d.out, y)
            }
            Op::All(d) => {
                let y = self.any_all(self.get(&d.input)?, Reduction::All, None).reshape([1]);
                self.set(&d.out, y)
            }
            Op::Any(d) => {
                let y = self.any_all(self.get(&d.input)?, Reduction::Any, None).reshape([1]);
                self.set(&d.out, y)
            }
            Op::AllDim(d) => {
                let y = self.any_all(self.get(&d.input)?, Reduction::All, Some(d.axis));
                self.set(&d.out, y)
            }
            Op::AnyDim(d) => {
                let y = self.any_all(self.get(&d.input)?, Reduction::Any, Some(d.axis));
                self.set(&d.out, y)
            }
            Op::ScatterNd(_) | Op::GatherNd(_) => {
                Err(unsupported(op, "use `gather`, `scatter` or `select` along one axis"))
            }
            #[allow(unreachable_patterns)] // A later version of Burn may have more of them.
            op => Err(unknown(op)),
        }
    }

    /// Whether any or all elements are true (or not zero), along one axis or all.
    fn any_all(&self, x: Expr<'b>, op: Reduction, axis: Option<usize>) -> Expr<'b> {
        let truth = if x.ty().is_bool() { x } else { x.binary(Elementwise::Ne, x.zeros()) };
        truth.reduce(op, axis.map_or((0..x.rank()).collect(), |a| vec![a]))
    }

    /// Windows of `size` elements every `step` along `axis`, in a new last axis.
    pub(super) fn windows(&self, x: Expr<'b>, axis: usize, size: usize, step: usize) -> Expr<'b> {
        let shape = x.shape();
        let count = if shape[axis] < size { 0 } else { (shape[axis] - size) / step + 1 };
        let elements = (0..count).flat_map(|w| (0..size).map(move |k| w * step + k));
        let indices = self.indices(elements, vec![count * size]);
        let picked = self.b.push(Prim::IndexSelect(IndexSelect { axis }), &[x, indices]);
        let mut split = shape.clone();
        split[axis] = count;
        split.insert(axis + 1, size);
        let mut order: Vec<usize> = (0..split.len()).collect();
        let window = order.remove(axis + 1);
        order.push(window);
        picked.reshape(split).permute(order)
    }

    /// `x` with `before` and `after` elements of `value` around it, per axis.
    pub(super) fn padded(&self, x: Expr<'b>, around: &[(usize, usize)], value: Literal) -> Expr<'b> {
        let own = x.shape();
        let shape: Vec<usize> = own.iter().zip(around).map(|(n, (a, b))| n + a + b).collect();
        let span = |(n, (a, _)): (&usize, &(usize, usize))| SliceRange { start: *a, stop: a + n, step: 1 };
        let spans = own.iter().zip(around).map(span).collect();
        self.b.literal(value, x.ty().with_shape(shape)).slice_assign(spans, x)
    }
}
