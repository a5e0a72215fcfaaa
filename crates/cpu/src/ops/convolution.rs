use gemm::Parallelism;
use thalweg_autodiff::Result;
use thalweg_autodiff::primitives::{Conv, ConvKind};

use crate::buffer::{BufferId, Buffers};
use crate::cost::Cost;
use crate::kernels::{Float, Kind};
use crate::layout::Position;
use crate::op::{Op, OpContext};
use crate::pool::Team;

/// A convolution over any number of space axes, or one of its adjoints, by products of matrices: each example's patches
/// are laid out as columns (Chellapilla et al., "High performance convolutional neural networks for document
/// processing", 2006).
pub(crate) struct Convolution {
    conv: Conv,
    operands: [BufferId; 2],
    to: BufferId,
    kind: Kind,
    y: Vec<usize>,
}

impl Convolution {
    pub fn new(context: &OpContext, conv: &Conv) -> Option<Self> {
        let kind = context.kind.filter(|k| matches!(k, Kind::F32 | Kind::F64))?;
        let operands = [context.inputs[0].buffer, context.inputs[1].buffer];
        Some(Convolution { conv: conv.clone(), operands, to: context.output, kind, y: conv.y() })
    }

    fn groups(&self) -> usize {
        self.conv.groups
    }

    fn examples(&self) -> usize {
        self.conv.x[0]
    }

    /// Channels of a group on either side.
    fn channels(&self) -> (usize, usize) {
        (self.conv.w[1], self.conv.w[0] / self.groups())
    }

    /// Rows of the matrix of patches: elements of a kernel; and its columns: places of the output.
    fn patches(&self) -> (usize, usize) {
        (self.conv.w[1..].iter().product(), self.y[2..].iter().product())
    }

    /// The element of a channel that kernel position `k` reads for output position `o`; none where it is padding.
    fn source(&self, k: &Position, o: &Position) -> Option<usize> {
        let conv = &self.conv;
        let mut at = 0;
        for i in 0..conv.stride.len() {
            let place = o.index(i) * conv.stride[i] + k.index(i) * conv.dilation[i];
            let place = place.checked_sub(conv.padding[i].0).filter(|p| *p < conv.x[i + 2])?;
            at = at * conv.x[i + 2] + place;
        }
        Some(at)
    }

    /// Calls `f` with the place in the matrix of patches and the element of the example that it stands for.
    fn for_each_im2col(&self, mut f: impl FnMut(usize, Option<usize>)) {
        let space: usize = self.conv.x[2..].iter().product();
        let kernel: usize = self.conv.w[2..].iter().product();
        let (_, columns) = self.patches();
        for channel in 0..self.conv.w[1] {
            let mut k = Position::new(&self.conv.w[2..], 0);
            for place in 0..kernel {
                let row = (channel * kernel + place) * columns;
                let mut o = Position::new(&self.y[2..], 0);
                for column in 0..columns {
                    f(row + column, self.source(&k, &o).map(|at| channel * space + at));
                    o.advance(0);
                }
                k.advance(0);
            }
        }
    }

    /// First elements of what belongs to an example and a group in the input, the weight and the output.
    fn places(&self, example: usize, group: usize) -> [usize; 3] {
        let (inputs, outputs) = self.channels();
        let space: usize = self.conv.x[2..].iter().product();
        let (rows, columns) = self.patches();
        [
            (example * self.conv.x[1] + group * inputs) * space,
            group * outputs * rows,
            (example * self.y[1] + group * outputs) * columns,
        ]
    }

    /// # Safety
    /// As [`Op::run`]; `scratch` has a matrix of patches.
    unsafe fn example<T: Float>(&self, buffers: Buffers, example: usize, group: usize, scratch: *mut T) {
        let [x, w, y] = self.places(example, group);
        let (rows, columns) = self.patches();
        let (_, outputs) = self.channels();
        let first = buffers.pointer(self.operands[0]).cast::<T>();
        let second = buffers.pointer(self.operands[1]).cast::<T>();
        let to = buffers.pointer(self.to).cast::<T>();
        let (r, c) = (rows as isize, columns as isize);
        // SAFETY: parts of examples and groups lie inside of their tensors, patches inside of the scratch.
        unsafe {
            match self.conv.role {
                ConvKind::Forward => {
                    self.for_each_im2col(|at, from| {
                        *scratch.add(at) = from.map_or(T::ZERO, |from| *first.add(x + from))
                    });
                    let (w, y) = (second.add(w).cast_const(), to.add(y));
                    product(outputs, columns, rows, (w, r, 1), (scratch, c, 1), (y, c), false);
                }
                ConvKind::BackwardInput => {
                    let (w, y) = (first.add(w).cast_const(), second.add(y));
                    product(rows, columns, outputs, (w, 1, r), (y, c, 1), (scratch, c), false);
                    let space: usize = self.conv.x[2..].iter().product();
                    std::slice::from_raw_parts_mut(to.add(x), self.conv.w[1] * space).fill(T::ZERO);
                    self.for_each_im2col(|at, into| {
                        if let Some(into) = into {
                            *to.add(x + into) = *to.add(x + into) + *scratch.add(at);
                        }
                    });
                }
                ConvKind::BackwardWeight => {
                    self.for_each_im2col(|at, from| {
                        *scratch.add(at) = from.map_or(T::ZERO, |from| *first.add(x + from))
                    });
                    let (y, w) = (second.add(y).cast_const(), to.add(w));
                    product(outputs, rows, columns, (y, c, 1), (scratch, 1, c), (w, r), example > 0);
                }
            }
        }
    }

    unsafe fn run_as<T: Float>(&self, buffers: Buffers, team: &Team) {
        let (examples, groups) = (self.examples(), self.groups());
        team.run(self.parts(), &|part, thread| {
            let scratch = buffers.scratch_of(thread).cast::<T>();
            // SAFETY: parts write to groups or examples of their own, threads have scratch of their own.
            unsafe {
                match self.conv.role {
                    ConvKind::BackwardWeight => {
                        (0..examples).for_each(|e| self.example(buffers, e, part, scratch))
                    }
                    ConvKind::Forward | ConvKind::BackwardInput => {
                        self.example(buffers, part / groups, part % groups, scratch)
                    }
                }
            }
        });
    }
}

/// `C = A·B`, or added to what `C` is: first elements with strides of rows and columns, the columns of `C` being dense.
///
/// # Safety
/// The matrices are valid for these lengths.
unsafe fn product<T: Float>(
    m: usize,
    n: usize,
    k: usize,
    (a, a_rows, a_columns): (*const T, isize, isize),
    (b, b_rows, b_columns): (*mut T, isize, isize),
    (c, c_rows): (*mut T, isize),
    adds: bool,
) {
    let none = Parallelism::None;
    // SAFETY: the caller's promise.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            c,
            1,
            c_rows,
            adds,
            a,
            a_columns,
            a_rows,
            b.cast_const(),
            b_columns,
            b_rows,
            T::ONE,
            T::ONE,
            false,
            false,
            false,
            none,
        );
    }
}

impl Op for Convolution {
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
        let (rows, columns) = self.patches();
        rows * columns * self.kind.size()
    }

    fn parts(&self) -> usize {
        let (examples, groups) = (self.examples(), self.groups());
        // The adjoint of a weight is a sum over examples, in their order.
        if self.conv.role == ConvKind::BackwardWeight { groups } else { groups * examples }
    }

    fn cost(&self) -> Cost {
        let (rows, columns) = self.patches();
        let count = |shape: &[usize]| shape.iter().product::<usize>();
        let name = match self.conv.role {
            ConvKind::Forward => "conv",
            ConvKind::BackwardInput => "conv_input",
            ConvKind::BackwardWeight => "conv_weight",
        };
        Cost {
            name: format!("{name} {:?} by {:?}", self.conv.x, self.conv.w),
            flops: 2 * self.examples() * self.conv.w[0] * rows * columns,
            bytes: (count(&self.conv.x) + count(&self.conv.w) + count(&self.y)) * self.kind.size(),
            falls_back: false,
        }
    }
}
