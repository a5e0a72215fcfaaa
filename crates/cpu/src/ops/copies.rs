use thalweg_autodiff::Result;
use thalweg_autodiff::prim::Span;

use crate::buffer::{Memory, Slot};
use crate::cost::Account;
use crate::kernels::Kind;
use crate::layout::{Layout, join};
use crate::loops::move_elements;
use crate::op::{Input, Site, Step};
use crate::pool::Team;

/// Operands written to parts of the result, one after the other.
pub(crate) struct Copies {
    name: &'static str,
    moves: Vec<(Input, Layout)>,
    to: Slot,
    /// Bytes of an element.
    size: usize,
}

/// Axes of the two layouts, joined where both allow it, so that runs are long.
fn joined(from: &Layout, to: &Layout) -> (Layout, Layout) {
    let axes = join(&[from, to], &from.shape);
    match (from.reshape(&axes), to.reshape(&axes)) {
        (Some(a), Some(b)) => (a, b),
        _ => (from.clone(), to.clone()),
    }
}

impl Copies {
    fn new(name: &'static str, site: &Site, moves: Vec<(Input, Layout)>) -> Option<Self> {
        let join = |(mut input, place): (Input, Layout)| {
            let (from, to) = joined(&input.layout, &place);
            input.layout = from;
            (input, to)
        };
        let moves = moves.into_iter().filter(|(i, _)| i.ty.num_elements() > 0).map(join).collect();
        Some(Copies { name, moves, to: site.output, size: site.kind.map(Kind::size)? })
    }

    /// A value in row-major order.
    pub fn plain(from: Input, to: Slot) -> Self {
        let place = Layout::contiguous(&from.layout.shape);
        let size = from.ty.dtype.size();
        Copies { name: "copy", moves: vec![(from, place)], to, size }
    }

    /// Operands beside each other along an axis.
    pub fn cat(site: &Site, axis: usize) -> Option<Self> {
        let whole = Layout::contiguous(&site.eqn.ty.shape);
        let mut start = 0;
        let place = |input: &Input| {
            let mut spans: Vec<Span> = whole.shape.iter().map(|n| Span::full(*n)).collect();
            let stop = start + input.layout.shape[axis];
            spans[axis] = Span { start, stop, step: 1 };
            start = stop;
            (input.clone(), whole.slice(&spans))
        };
        Copies::new("cat", site, site.inputs.iter().map(place).collect())
    }

    /// The first operand, and the second written over a part of it.
    pub fn assign(site: &Site, spans: &[Span]) -> Option<Self> {
        let whole = Layout::contiguous(&site.eqn.ty.shape);
        let part = whole.slice(spans);
        Copies::new("slice_assign", site, vec![(site.inputs[0].clone(), whole), (site.inputs[1].clone(), part)])
    }
}

impl Step for Copies {
    unsafe fn run(&self, memory: Memory, _team: &Team) -> Result<()> {
        for (input, place) in &self.moves {
            let (from, to) = (memory.slot(input.slot).cast_const(), memory.slot(self.to));
            // SAFETY: both layouts lie inside of their slots, which are different ones.
            unsafe { move_elements(from, &input.layout, to, place, self.size) };
        }
        Ok(())
    }

    fn account(&self) -> Account {
        let elements: usize = self.moves.iter().map(|(input, _)| input.ty.num_elements()).sum();
        let bytes = 2 * elements * self.size;
        Account { name: self.name.into(), flops: 0, bytes, falls_back: false }
    }
}
