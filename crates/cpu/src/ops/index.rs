use thalweg_autodiff::Result;
use thalweg_autodiff::primitives::ScatterOp;

use crate::buffer::{BufferId, Buffers};
use crate::cost::Cost;
use crate::indices::index;
use crate::kernels::{Kind, with_kind};
use crate::layout::{Layout, Position};
use crate::op::{Op, OpContext};
use crate::pool::Team;

/// A tensor as rows before, elements along, and elements behind an axis.
#[derive(Clone, Copy, Debug)]
struct AxisSplit {
    outer: usize,
    axis: usize,
    inner: usize,
}

/// Whether indices name elements or slices.
#[derive(Clone, Debug)]
enum Indexing {
    /// One for each element: `index[i, j, k]`, with the strides of the indexed tensor for the axes of the indices.
    Each {
        /// Lengths of the axes.
        shape: Vec<usize>,
        /// Strides of the indexed tensor; zero for the axis that is indexed.
        strides: Vec<isize>,
    },
    /// One for each slice along the axis.
    Slices,
}

fn around(shape: &[usize], axis: usize) -> AxisSplit {
    AxisSplit {
        outer: shape[..axis].iter().product(),
        axis: shape[axis],
        inner: shape[axis + 1..].iter().product(),
    }
}

/// Calls `f` with the position of each index and that of the element that it names, an index outside of the axis being
/// an error that names it.
///
/// # Safety
/// `indices` are as many numbers of the kind as the tensor has indices.
unsafe fn each(
    x: AxisSplit,
    count: usize,
    how: &Indexing,
    indices: *const u8,
    kind: Kind,
    mut f: impl FnMut(usize, usize, usize),
) -> Result<()> {
    // SAFETY: the caller's promise.
    let index = |at: usize| unsafe { index(indices, kind, at, x.axis) };
    match how {
        Indexing::Slices => {
            for before in 0..x.outer {
                for k in 0..count {
                    let from = (before * x.axis + index(k)?) * x.inner;
                    f((before * count + k) * x.inner, from, x.inner);
                }
            }
        }
        Indexing::Each { shape, strides } => {
            let mut position = Position::new(shape, 0);
            for at in 0..shape.iter().product() {
                let base = position.offset(strides) as usize;
                f(at, base + index(at)? * x.inner, 1);
                position.advance(0);
            }
        }
    }
    Ok(())
}

fn each_index(x: &[usize], axis: usize, indices: &[usize]) -> Indexing {
    let mut strides = Layout::contiguous(x).strides;
    strides[axis] = 0;
    Indexing::Each { shape: indices.to_vec(), strides }
}

fn index_kind(context: &OpContext) -> Option<Kind> {
    Kind::of(context.inputs[1].ty.dtype).filter(|k| matches!(k, Kind::I32 | Kind::I64))
}

/// Takes elements, or slices, by index.
pub(crate) struct Gather {
    from: BufferId,
    indices: BufferId,
    to: BufferId,
    kind: Kind,
    index: Kind,
    x: AxisSplit,
    how: Indexing,
    count: usize,
    elements: usize,
}

impl Gather {
    fn with(context: &OpContext, axis: usize, how: Indexing) -> Option<Self> {
        Some(Gather {
            from: context.inputs[0].buffer,
            indices: context.inputs[1].buffer,
            to: context.output,
            kind: context.kind?,
            index: index_kind(context)?,
            x: around(&context.inputs[0].ty.shape, axis),
            how,
            count: context.inputs[1].ty.num_elements(),
            elements: context.eqn.ty.num_elements(),
        })
    }

    pub fn new(context: &OpContext, axis: usize) -> Option<Self> {
        Gather::with(context, axis, each_index(&context.inputs[0].ty.shape, axis, &context.inputs[1].ty.shape))
    }

    pub fn select(context: &OpContext, axis: usize) -> Option<Self> {
        Gather::with(context, axis, Indexing::Slices)
    }
}

impl Op for Gather {
    unsafe fn run(&self, buffers: Buffers, _team: &Team) -> Result<()> {
        let (from, to) = (buffers.pointer(self.from).cast_const(), buffers.pointer(self.to));
        let size = self.kind.size();
        // SAFETY: positions come from the shapes, and indices are checked.
        unsafe {
            each(self.x, self.count, &self.how, buffers.pointer(self.indices), self.index, |at, named, n| {
                std::ptr::copy_nonoverlapping(from.add(named * size), to.add(at * size), n * size);
            })
        }
    }

    fn cost(&self) -> Cost {
        let bytes = self.elements * (2 * self.kind.size() + self.index.size());
        Cost { name: "gather".into(), flops: 0, bytes, falls_back: false }
    }
}

/// Writes elements, or adds slices, by index.
pub(crate) struct Scatter {
    target: BufferId,
    indices: BufferId,
    values: BufferId,
    to: BufferId,
    kind: Kind,
    index: Kind,
    x: AxisSplit,
    how: Indexing,
    count: usize,
    update: ScatterOp,
    elements: usize,
}

impl Scatter {
    fn with(context: &OpContext, axis: usize, update: ScatterOp, how: Indexing) -> Option<Self> {
        // What an update means for truth values is left to Burn.
        let kind = context.kind.filter(|k| *k != Kind::Bool)?;
        Some(Scatter {
            target: context.inputs[0].buffer,
            indices: context.inputs[1].buffer,
            values: context.inputs[2].buffer,
            to: context.output,
            kind,
            index: index_kind(context)?,
            x: around(&context.inputs[0].ty.shape, axis),
            how,
            count: context.inputs[1].ty.num_elements(),
            update,
            elements: context.eqn.ty.num_elements(),
        })
    }

    pub fn new(context: &OpContext, axis: usize, update: ScatterOp) -> Option<Self> {
        Scatter::with(
            context,
            axis,
            update,
            each_index(&context.inputs[0].ty.shape, axis, &context.inputs[1].ty.shape),
        )
    }

    pub fn add(context: &OpContext, axis: usize) -> Option<Self> {
        Scatter::with(context, axis, ScatterOp::Add, Indexing::Slices)
    }

    unsafe fn run_as<T: Number>(&self, buffers: Buffers) -> Result<()> {
        let (values, to) = (buffers.pointer(self.values).cast::<T>(), buffers.pointer(self.to).cast::<T>());
        // SAFETY: positions come from the shapes, and indices are checked.
        unsafe {
            std::ptr::copy_nonoverlapping(buffers.pointer(self.target).cast::<T>(), to, self.elements);
            each(self.x, self.count, &self.how, buffers.pointer(self.indices), self.index, |at, named, n| {
                for i in 0..n {
                    let (own, new) = (*to.add(named + i), *values.add(at + i));
                    *to.add(named + i) = T::updated(self.update, own, new);
                }
            })
        }
    }
}

/// An element type that can be updated by index.
trait Number: Copy {
    fn updated(update: ScatterOp, own: Self, new: Self) -> Self;
}

macro_rules! numbers {
    ($($T:ty: $add:expr, $mul:expr;)*) => {$(
        impl Number for $T {
            fn updated(update: ScatterOp, own: Self, new: Self) -> Self {
                match update {
                    ScatterOp::Add => $add(own, new),
                    ScatterOp::Assign => new,
                    ScatterOp::Mul => $mul(own, new),
                    ScatterOp::Max => if new > own { new } else { own },
                    ScatterOp::Min => if new < own { new } else { own },
                }
            }
        }
    )*};
}
numbers! {
    f32: |a, b| a + b, |a, b| a * b;
    f64: |a, b| a + b, |a, b| a * b;
    i32: i32::wrapping_add, i32::wrapping_mul;
    i64: i64::wrapping_add, i64::wrapping_mul;
    u8: u8::wrapping_add, u8::wrapping_mul;
}

impl Op for Scatter {
    unsafe fn run(&self, buffers: Buffers, _team: &Team) -> Result<()> {
        // SAFETY: the caller's promise; the element type is that of the buffers.
        with_kind!(self.kind, T => unsafe { self.run_as::<T>(buffers) })
    }

    fn cost(&self) -> Cost {
        let bytes = 2 * self.elements * self.kind.size() + self.count * self.index.size();
        Cost { name: "scatter".into(), flops: 0, bytes, falls_back: false }
    }
}
