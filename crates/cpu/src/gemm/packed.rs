//! A matrix product that is too large for the near cache, by panels.

use std::ops::Range;

use thalweg_autodiff::Result;

use super::epilogue_args::EpilogueArgs;
use super::matrix::{KC, Matrix, gemm_cost, single};
use super::panels::{MR, Panels, is_for_panels, nr, packed_length};
use super::small::{Product, Strided};
use crate::buffer::{BufferId, Buffers};
use crate::cost::Cost;
use crate::isa::Isa;
use crate::kernels::{Float, Kind};
use crate::op::{Op, OpContext};
use crate::pool::Team;

/// Elements of the left side that are packed at once, about: what a core's second cache holds.
const PACK_BUFFER: usize = 1 << 18;
/// Steps of the inner axis that are packed at once, at most.
const MAX_PACKED_DEPTH: usize = 2048;
/// Elements that it pays to pack on another thread.
const MIN_PACKED_PER_TASK: usize = 1 << 13;
/// Rows of a part at least, where there are few panels of columns: each part packs its panel anew.
const MC_MIN: usize = 128;
/// Parts that are wanted, if rows must be cut to have them.
const WANTED_TASKS: usize = 8;

/// One product, of which panels of columns are computed independently of each other: each thread packs panels of the right
/// side for itself, and the left side is packed once for all.
pub(crate) struct PackedGemm {
    a: (BufferId, Matrix),
    b: (BufferId, Matrix),
    to: BufferId,
    kind: Kind,
    m: usize,
    n: usize,
    k: usize,
    /// Steps of the inner axis that are added up at once.
    depth: usize,
    epilogue: Option<EpilogueArgs>,
    isa: Isa,
}

impl PackedGemm {
    pub fn new(context: &OpContext) -> Option<Self> {
        let kind = context.kind.filter(|k| matches!(k, Kind::F32 | Kind::F64))?;
        let (a, b, [m, n, k]) = single(context)?;
        if !is_for_panels([m, n, k], b.rows == 1 && b.columns != 1, context.isa) {
            return None;
        }
        let epilogue = context.epilogue.as_ref().map(|of| EpilogueArgs::new(of, [m, n], context.isa));
        let depth = k.div_ceil(k.div_ceil(KC));
        let (a, b) = ((context.inputs[0].buffer, a), (context.inputs[1].buffer, b));
        Some(PackedGemm { a, b, to: context.output, kind, m, n, k, depth, epilogue, isa: context.isa })
    }

    /// Steps of the inner axis for which the left side is packed at once: whole pieces.
    fn stretch(&self) -> usize {
        (MAX_PACKED_DEPTH / self.depth).max(1) * self.depth
    }

    /// Rows of the left side that are packed at once.
    fn block(&self) -> usize {
        let rows = PACK_BUFFER / self.stretch().min(self.k) / MR * MR;
        rows.min(self.m)
    }

    /// Columns of a panel.
    fn width(&self) -> usize {
        nr(self.kind.size())
    }

    /// Into how many parts the rows of a block are cut, and the columns.
    fn cuts(&self) -> (usize, usize) {
        let across = self.n.div_ceil(self.width());
        let down = WANTED_TASKS.div_ceil(across).min(self.block() / MC_MIN).max(1);
        (down, across)
    }

    unsafe fn run_as<T: Float>(&self, buffers: Buffers, team: &Team) {
        let PackedGemm { m, n, k, depth, isa, .. } = *self;
        let ((a, left), (b, right)) = (self.a, self.b);
        let (down, across) = self.cuts();
        let (stretch, wide) = (self.stretch(), self.width());
        let blocks = (0..m).step_by(self.block());
        for (row, from) in blocks.flat_map(|row| (0..k).step_by(stretch).map(move |from| (row, from))) {
            let (rows, steps) = (self.block().min(m - row), stretch.min(k - from));
            // SAFETY: the first elements of a part of each matrix, inside of their buffers.
            let panels = unsafe {
                let left = left.part(buffers.pointer(a).cast::<T>(), row, from);
                let right = right.part(buffers.pointer(b).cast::<T>(), from, 0);
                let first = buffers.pointer(self.to).cast::<T>().add(row * n);
                let to = Strided { first, rows: n as isize, columns: 1 };
                let product = Product { m: rows, n, k: steps, left, right, to, accumulate: from > 0 };
                Panels { product, depth, packed: buffers.partials.cast::<T>() }
            };
            let count = rows.div_ceil(MR);
            let epilogue = self.epilogue.as_ref().filter(|_| from + steps == k);
            // As many for each thread.
            let packs = (rows * steps / MIN_PACKED_PER_TASK).next_power_of_two().min(WANTED_TASKS);
            team.run(packs, &|part, _| {
                // SAFETY: the scratch is as large as the block, and parts write panels of their own.
                unsafe { panels.pack(part * count / packs..(part + 1) * count / packs, isa) };
            });
            team.run(down * across, &|part, thread| {
                let (down_at, across_at) = (part / across, part % across);
                let own = down_at * count / down..(down_at + 1) * count / down;
                let columns = across_at * wide..((across_at + 1) * wide).min(n);
                // SAFETY: parts write elements of their own, and threads have scratch of their own.
                unsafe {
                    let scratch = buffers.scratch_of(thread).cast::<T>();
                    let finish = |done: Range<usize>| {
                        if let Some(epilogue) = epilogue {
                            let (first, rows) = (row + done.start, done.len());
                            let to = buffers.pointer(self.to).cast::<T>().add(first * n + columns.start);
                            epilogue.part(buffers, (first, rows), (columns.start, columns.len()), (to, n));
                        }
                    };
                    panels.multiply(own, columns.clone(), scratch, &finish, isa);
                }
            });
        }
    }
}

impl Op for PackedGemm {
    unsafe fn run(&self, buffers: Buffers, team: &Team) -> Result<()> {
        // SAFETY: the caller's promise; element types are those of the buffers.
        unsafe {
            match self.kind {
                Kind::F32 => self.run_as::<f32>(buffers, team),
                _ => self.run_as::<f64>(buffers, team),
            }
        }
        Ok(())
    }

    fn scratch_bytes(&self) -> usize {
        self.width() * self.depth * self.kind.size()
    }

    fn partial_bytes(&self) -> usize {
        let steps = self.stretch().min(self.k);
        packed_length(self.block(), steps) * self.kind.size()
    }

    fn parts(&self) -> usize {
        let (down, across) = self.cuts();
        down * across
    }

    fn cost(&self) -> Cost {
        gemm_cost([self.m, self.n, self.k], 1, self.kind, self.epilogue.as_ref())
    }
}
