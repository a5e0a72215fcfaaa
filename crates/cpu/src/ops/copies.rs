use thalweg_autodiff::Result;
use thalweg_autodiff::primitives::SliceRange;

use crate::buffer::{BufferId, Buffers};
use crate::cost::Cost;
use crate::kernels::Kind;
use crate::layout::{Layout, common_collapse};
use crate::loops::move_elements;
use crate::op::{Op, OpContext, Operand};
use crate::pool::Team;

/// Operands written to parts of the result, one after the other.
pub(crate) struct Copies {
    name: &'static str,
    moves: Vec<(Operand, Layout)>,
    to: BufferId,
    /// Bytes of an element.
    size: usize,
}

/// Axes of the two layouts, joined where both allow it, so that runs are long.
fn joined(from: &Layout, to: &Layout) -> (Layout, Layout) {
    let axes = common_collapse(&[from, to], &from.shape);
    match (from.reshape(&axes), to.reshape(&axes)) {
        (Some(a), Some(b)) => (a, b),
        _ => (from.clone(), to.clone()),
    }
}

impl Copies {
    fn new(name: &'static str, context: &OpContext, moves: Vec<(Operand, Layout)>) -> Option<Self> {
        let join = |(mut input, place): (Operand, Layout)| {
            let (from, to) = joined(&input.layout, &place);
            input.layout = from;
            (input, to)
        };
        let moves = moves.into_iter().filter(|(i, _)| i.ty.num_elements() > 0).map(join).collect();
        Some(Copies { name, moves, to: context.output, size: context.kind.map(Kind::size)? })
    }

    /// A value in row-major order.
    pub fn plain(from: Operand, to: BufferId) -> Self {
        let place = Layout::contiguous(&from.layout.shape);
        let size = from.ty.dtype.size();
        Copies { name: "copy", moves: vec![(from, place)], to, size }
    }

    /// Operands beside each other along an axis.
    pub fn cat(context: &OpContext, axis: usize) -> Option<Self> {
        let whole = Layout::contiguous(&context.eqn.ty.shape);
        let mut start = 0;
        let place = |input: &Operand| {
            let mut spans: Vec<SliceRange> = whole.shape.iter().map(|n| SliceRange::full(*n)).collect();
            let stop = start + input.layout.shape[axis];
            spans[axis] = SliceRange { start, stop, step: 1 };
            start = stop;
            (input.clone(), whole.slice(&spans))
        };
        Copies::new("cat", context, context.inputs.iter().map(place).collect())
    }

    /// The first operand, and the second written over a part of it.
    pub fn assign(context: &OpContext, spans: &[SliceRange]) -> Option<Self> {
        let whole = Layout::contiguous(&context.eqn.ty.shape);
        let part = whole.slice(spans);
        Copies::new(
            "slice_assign",
            context,
            vec![(context.inputs[0].clone(), whole), (context.inputs[1].clone(), part)],
        )
    }
}

impl Op for Copies {
    unsafe fn run(&self, buffers: Buffers, _team: &Team) -> Result<()> {
        for (input, place) in &self.moves {
            let (from, to) = (buffers.pointer(input.buffer).cast_const(), buffers.pointer(self.to));
            // SAFETY: both layouts lie inside of their buffers, which are different ones.
            unsafe { move_elements(from, &input.layout, to, place, self.size) };
        }
        Ok(())
    }

    fn cost(&self) -> Cost {
        let elements: usize = self.moves.iter().map(|(input, _)| input.ty.num_elements()).sum();
        let bytes = 2 * elements * self.size;
        Cost { name: self.name.into(), flops: 0, bytes, falls_back: false }
    }
}
