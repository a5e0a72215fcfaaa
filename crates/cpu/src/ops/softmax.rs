use thalweg_autodiff::Result;
use thalweg_autodiff::primitives::{Elementwise, Softmax, SoftmaxKind};

use crate::buffer::{BufferId, Buffers};
use crate::cost::Cost;
use crate::kernels;
use crate::kernels::{Float, Kernel, Kind, Vector};
use crate::op::{Op, OpContext};
use crate::pool::Team;

/// Elements that are worked on at once, so that they stay in the fastest cache.
const BLOCK: usize = 1024;
/// Elements of a part that is worth a thread.
const PART: usize = 16 * 1024;
const MAX_PARTS: usize = 16;

/// The softmax or its logarithm along one axis.
pub(crate) struct SoftmaxOp {
    kind: SoftmaxKind,
    from: BufferId,
    to: BufferId,
    of: Kind,
    /// Number of rows, elements of a row, and the distance between them.
    rows: usize,
    length: usize,
    stride: usize,
    exp: Kernel,
    log: Kernel,
    parts: usize,
}

impl SoftmaxOp {
    pub fn new(context: &OpContext, of: &Softmax) -> Option<Self> {
        let kind = context.kind.filter(|k| matches!(k, Kind::F32 | Kind::F64))?;
        let shape = &context.eqn.ty.shape;
        let length = shape[of.axis];
        let stride: usize = shape[of.axis + 1..].iter().product();
        let total: usize = shape.iter().product();
        let rows = total.checked_div(length)?;
        let blocks = rows.div_ceil((BLOCK / length).max(1));
        Some(SoftmaxOp {
            kind: of.kind,
            from: context.inputs[0].buffer,
            to: context.output,
            of: kind,
            rows,
            length,
            stride,
            exp: kernels::elementwise::<Vector>(Elementwise::Exp, kind, &[false], context.isa)?,
            log: kernels::elementwise::<Vector>(Elementwise::Log, kind, &[false], context.isa)?,
            parts: (total / PART).clamp(1, MAX_PARTS).min(blocks.max(1)),
        })
    }

    fn rows_at_once(&self) -> usize {
        (BLOCK / self.length).max(1)
    }

    /// # Safety
    /// As [`Op::run`]; `scratch` has [`Op::scratch_bytes`].
    unsafe fn block<T: Float>(&self, buffers: Buffers, first: usize, rows: usize, scratch: *mut u8) {
        let (n, stride) = (self.length, self.stride);
        let at = |row: usize| row / stride * n * stride + row % stride;
        let (from, to) = (buffers.pointer(self.from).cast::<T>(), buffers.pointer(self.to).cast::<T>());
        let all = self.rows_at_once() * n;
        // SAFETY: the scratch holds shifted elements and exponentials of a block, then sums and logarithms of its rows.
        unsafe {
            let shifted = scratch.cast::<T>();
            let powers = shifted.add(all);
            let (sums, logs) = (powers.add(all), powers.add(all + self.rows_at_once()));
            for r in 0..rows {
                let x = from.add(at(first + r));
                let element = |i: usize| *x.add(i * stride);
                let largest = (0..n).map(element).fold(T::LEAST, |a, b| if b > a { b } else { a });
                (0..n).for_each(|i| *shifted.add(r * n + i) = element(i) - largest);
            }
            (self.exp)(rows * n, powers.cast(), &[shifted.cast_const().cast(); 5]);
            for r in 0..rows {
                *sums.add(r) = (0..n).map(|i| *powers.add(r * n + i)).fold(T::ZERO, |a, b| a + b);
            }
            if self.kind == SoftmaxKind::Log {
                (self.log)(rows, logs.cast(), &[sums.cast_const().cast(); 5]);
            }
            for r in 0..rows {
                let y = to.add(at(first + r));
                for i in 0..n {
                    *y.add(i * stride) = match self.kind {
                        SoftmaxKind::Plain => *powers.add(r * n + i) / *sums.add(r),
                        SoftmaxKind::Log => *shifted.add(r * n + i) - *logs.add(r),
                    };
                }
            }
        }
    }

    unsafe fn run_as<T: Float>(&self, buffers: Buffers, team: &Team) {
        let each = self.rows_at_once();
        let blocks = self.rows.div_ceil(each);
        team.run(self.parts, &|part, thread| {
            let scratch = buffers.scratch_of(thread);
            for block in (part * blocks / self.parts)..((part + 1) * blocks / self.parts) {
                let rows = each.min(self.rows - block * each);
                // SAFETY: blocks have rows of their own, threads have scratch of their own.
                unsafe { self.block::<T>(buffers, block * each, rows, scratch) };
            }
        });
    }
}

impl Op for SoftmaxOp {
    unsafe fn run(&self, buffers: Buffers, team: &Team) -> Result<()> {
        // SAFETY: the caller's promise; the element type is that of the buffers.
        unsafe {
            match self.of {
                Kind::F32 => self.run_as::<f32>(buffers, team),
                _ => self.run_as::<f64>(buffers, team),
            }
        }
        Ok(())
    }

    fn scratch_bytes(&self) -> usize {
        (2 * self.length + 2) * self.rows_at_once() * self.of.size()
    }

    fn parts(&self) -> usize {
        self.parts
    }

    fn cost(&self) -> Cost {
        let elements = self.rows * self.length;
        let name = match self.kind {
            SoftmaxKind::Plain => "softmax",
            SoftmaxKind::Log => "log_softmax",
        };
        Cost {
            name: format!("{name} {}×{}", self.rows, self.length),
            flops: 4 * elements,
            bytes: 2 * elements * self.of.size(),
            falls_back: false,
        }
    }
}
