use gemm::Parallelism;
use thalweg_autodiff::Result;

use super::epilogue_args::EpilogueArgs;
use super::few_columns;
use super::few_columns::{FewColumns, has_few_columns};
use super::matrix::{KC, Matrix, gemm_cost, matrices};
use super::small::{Product, Strided, max_columns};
use super::transpose::Transpose;
use crate::buffer::{BufferId, Buffers};
use crate::cost::Cost;
use crate::isa::Isa;
use crate::kernels::{Float, Kind};
use crate::op::{Op, OpContext};
use crate::pool::Team;

/// Work of a part, in multiplications, that is worth a thread.
const MIN_WORK_PER_TASK: usize = 1 << 16;
const MAX_TASKS: usize = 8;
/// Rows of a part at least, so that its product keeps the vectors busy.
const MIN_ROWS_PER_TASK: usize = 16;

/// Matrix products, one for each combination of the leading axes, and what follows a single one.
///
/// The `gemm` crate adds up in another order where one side is a vector or the result is tiny. A lane of a batch must
/// not differ from the lane alone, so those cases are brought into the common form: a vector is doubled to two rows or
/// columns, and a right side that lies column by column is transposed first, which is also faster. Few columns are
/// computed as few rows, in the same order of the inner axis.
pub(crate) struct DirectGemm {
    a: BufferId,
    b: BufferId,
    to: BufferId,
    kind: Kind,
    m: usize,
    n: usize,
    k: usize,
    /// The matrices of each product.
    products: Vec<(Matrix, Matrix, isize)>,
    /// What is done to the elements of the product, if there is one only.
    epilogue: Option<EpilogueArgs>,
    strategy: GemmStrategy,
    /// Into how many parts the work is cut, at most; no result depends on it.
    parts: usize,
    /// Whether parts are columns, and not rows.
    by_columns: bool,
    isa: Isa,
}

/// What is brought into the common form.
#[derive(Clone, Copy, Debug, PartialEq)]
enum GemmStrategy {
    /// Nothing: both sides are read where they are.
    AsIs,
    /// The left side is one row.
    Row,
    /// The right side is one column.
    Column,
    /// The right side lies column by column.
    Transposed,
    /// The result has few columns.
    FewColumns,
}

impl DirectGemm {
    pub fn new(context: &OpContext) -> Option<Self> {
        let kind = context.kind.filter(|k| matches!(k, Kind::F32 | Kind::F64))?;
        let shape = &context.eqn.ty.shape;
        let rank = shape.len();
        let (m, n) = (shape[rank - 2], shape[rank - 1]);
        let k = *context.inputs[0].layout.shape.last()?;
        let batch = &shape[..rank - 2];
        let (a, b) = (matrices(&context.inputs[0].layout, batch), matrices(&context.inputs[1].layout, batch));
        // Narrow products read the left side along its columns or transpose it.
        let lies_so = a.first().is_some_and(|a| a.rows == 1 || a.columns == 1);
        let strategy = match (m, n) {
            (1, _) | (_, 1) if k <= 2 => GemmStrategy::AsIs,
            (1, _) => GemmStrategy::Row,
            (_, 1) => GemmStrategy::Column,
            _ if lies_so && has_few_columns(m, n, k, KC, context.isa) => GemmStrategy::FewColumns,
            _ if b.first().is_some_and(|b| b.rows == 1 && b.columns != 1) => GemmStrategy::Transposed,
            _ => GemmStrategy::AsIs,
        };
        let products: Vec<_> =
            a.into_iter().zip(b).enumerate().map(|(i, (a, b))| (a, b, (i * m * n) as isize)).collect();
        // Each part brings its share of the longer side into the order of the vectors, and all of the shorter one. Where the right
        // side is multiplied as it lies, rows are better: results and what stands beside them are neighbours in memory then.
        let is_near = strategy == GemmStrategy::AsIs && n <= max_columns(k, context.isa);
        let by_columns = n > m
            && products.len() == 1
            && matches!(strategy, GemmStrategy::AsIs | GemmStrategy::Transposed)
            && !is_near;
        let most = match strategy {
            _ if products.len() > 1 => products.len(),
            GemmStrategy::Row | GemmStrategy::Column => 1,
            GemmStrategy::AsIs | GemmStrategy::Transposed if by_columns => n / COLUMNS,
            GemmStrategy::AsIs | GemmStrategy::Transposed | GemmStrategy::FewColumns => {
                m.div_ceil(MIN_ROWS_PER_TASK)
            }
        };
        let work = m * n * k * products.len();
        let parts = (work / MIN_WORK_PER_TASK).clamp(1, MAX_TASKS).min(most.max(1));
        let epilogue = context.epilogue.as_ref().map(|of| EpilogueArgs::new(of, [m, n], context.isa));
        Some(DirectGemm {
            a: context.inputs[0].buffer,
            b: context.inputs[1].buffer,
            to: context.output,
            kind,
            m,
            n,
            k,
            products,
            epilogue,
            strategy,
            parts,
            by_columns,
            isa: context.isa,
        })
    }

    /// Elements of scratch for the common form of one product.
    fn scratch(&self) -> usize {
        match self.strategy {
            GemmStrategy::AsIs => 0,
            GemmStrategy::Row => 2 * (self.k + self.n),
            GemmStrategy::Column => 2 * (self.k + self.m),
            GemmStrategy::Transposed => self.k * self.n,
            GemmStrategy::FewColumns => few_columns::scratch(self.m, self.n, self.k),
        }
    }

    /// Rows `i..i + m` of one product, and of those columns `j..j + n`; a vector is taken whole.
    ///
    /// # Safety
    /// As [`Op::run`]; `scratch` has [`DirectGemm::scratch`] elements, and holds the transposed right side where there is one.
    unsafe fn multiply<T: Float>(
        &self,
        buffers: Buffers,
        product: usize,
        (i, m): (usize, usize),
        (j, n): (usize, usize),
        scratch: *mut T,
    ) {
        let (a, b, to) = self.products[product];
        let k = self.k;
        // SAFETY: rows lie inside of the matrices, and the matrices inside of their buffers.
        unsafe {
            let left = buffers.pointer(self.a).cast::<T>().offset(a.offset + i as isize * a.rows);
            let right = buffers.pointer(self.b).cast::<T>().offset(b.offset + j as isize * b.columns);
            let out = buffers.pointer(self.to).cast::<T>().offset(to + (i * self.n + j) as isize);
            let rows = self.n as isize;
            match self.strategy {
                GemmStrategy::AsIs => {
                    self.panel(m, n, (left, a.rows, a.columns), (right, b.rows, b.columns), (out, rows, 1));
                }
                GemmStrategy::Transposed => {
                    self.panel(m, n, (left, a.rows, a.columns), (scratch.add(j), rows, 1), (out, rows, 1));
                }
                GemmStrategy::FewColumns => {
                    let narrow = FewColumns {
                        m,
                        n,
                        k,
                        left: Strided { first: left, rows: a.rows, columns: a.columns },
                        right: Strided { first: right, rows: b.rows, columns: b.columns },
                        to: out,
                        scratch: scratch.add(few_columns::scratch(i, n, k)),
                    };
                    narrow.run(self.isa);
                }
                GemmStrategy::Row => {
                    let (twice, result) = (scratch, scratch.add(2 * k));
                    for r in 0..k {
                        let x = *left.offset(r as isize * a.columns);
                        (*twice.add(2 * r), *twice.add(2 * r + 1)) = (x, x);
                    }
                    self.panel(2, n, (twice, 1, 2), (right, b.rows, b.columns), (result, rows, 1));
                    std::ptr::copy_nonoverlapping(result, out, n);
                }
                GemmStrategy::Column => {
                    let (twice, result) = (scratch, scratch.add(2 * k));
                    for r in 0..k {
                        let x = *right.offset(r as isize * b.rows);
                        (*twice.add(2 * r), *twice.add(2 * r + 1)) = (x, x);
                    }
                    self.panel(m, 2, (left, a.rows, a.columns), (twice, 2, 1), (result, 2, 1));
                    (0..m).for_each(|r| *out.add(r) = *result.add(2 * r));
                }
            }
            if let Some(epilogue) = &self.epilogue {
                epilogue.part(buffers, (i, m), (j, n), (out, self.n));
            }
        }
    }

    /// Writes columns `from..to` of the right side of a product to the scratch, row by row.
    ///
    /// # Safety
    /// As [`DirectGemm::multiply`].
    unsafe fn transpose<T: Float>(
        &self,
        buffers: Buffers,
        product: usize,
        from: usize,
        to: usize,
        scratch: *mut T,
    ) {
        let (_, b, _) = self.products[product];
        let (n, k) = (self.n, self.k);
        // SAFETY: the columns lie inside of the matrix, and the scratch has a row for each row of it.
        unsafe {
            let right = buffers.pointer(self.b).cast::<T>().offset(b.offset + from as isize * b.columns);
            let (rows, columns) = (k, to - from);
            let (to, between_rows) = (scratch.add(from), n as isize);
            let transpose = Transpose {
                rows,
                columns,
                from: right.cast_const(),
                between_columns: b.columns,
                to,
                between_rows,
            };
            transpose.run(self.isa);
        }
    }

    /// # Safety
    /// The three matrices, each a first element with the strides of rows and columns, are valid for these lengths.
    unsafe fn panel<T: Float>(
        &self,
        m: usize,
        n: usize,
        (a, a_rows, a_columns): (*mut T, isize, isize),
        (b, b_rows, b_columns): (*mut T, isize, isize),
        (to, to_rows, to_columns): (*mut T, isize, isize),
    ) {
        let pieces = self.k.div_ceil(KC).max(1);
        let product = Product {
            m,
            n,
            k: self.k,
            left: Strided { first: a, rows: a_rows, columns: a_columns },
            right: Strided { first: b, rows: b_rows, columns: b_columns },
            to: Strided { first: to, rows: to_rows, columns: to_columns },
            accumulate: false,
        };
        // A longer inner axis is added up in pieces, however large the product is.
        // SAFETY: the caller's promise; the operation was made for this CPU.
        if pieces == 1 && unsafe { product.run(self.isa) } {
            return;
        }
        let depth = self.k.div_ceil(pieces);
        for piece in 0..pieces {
            let from = piece * depth;
            let k = depth.min(self.k - from);
            // SAFETY: pieces of the inner axis lie inside of the matrices.
            unsafe {
                gemm::gemm(
                    m,
                    n,
                    k,
                    to,
                    to_columns,
                    to_rows,
                    piece > 0,
                    a.offset(from as isize * a_columns).cast_const(),
                    a_columns,
                    a_rows,
                    b.offset(from as isize * b_rows).cast_const(),
                    b_columns,
                    b_rows,
                    T::ONE,
                    T::ONE,
                    false,
                    false,
                    false,
                    Parallelism::None,
                );
            }
        }
    }

    unsafe fn run_as<T: Float>(&self, buffers: Buffers, team: &Team) {
        if self.products.len() > 1 {
            return team.run(self.parts, &|part, thread| {
                let count = self.products.len();
                let scratch = buffers.scratch_of(thread).cast::<T>();
                for product in (part * count / self.parts)..((part + 1) * count / self.parts) {
                    // SAFETY: products write to matrices of their own, threads have scratch of their own.
                    unsafe {
                        if self.strategy == GemmStrategy::Transposed {
                            self.transpose(buffers, product, 0, self.n, scratch);
                        }
                        self.multiply(buffers, product, (0, self.m), (0, self.n), scratch);
                    }
                }
            });
        }
        let parts = self.parts.min(team.threads());
        let cut = |part: usize, parts: usize, n: usize, by: usize| {
            if part == parts { n } else { part * n / parts / by * by }
        };
        if self.strategy == GemmStrategy::Transposed && !self.by_columns {
            let parts = (self.k * self.n / TRANSPOSED).clamp(1, parts);
            team.run(parts, &|part, _| {
                let at = |part: usize| cut(part, parts, self.n, COLUMNS);
                // SAFETY: parts write columns of their own.
                unsafe { self.transpose(buffers, 0, at(part), at(part + 1), buffers.partials.cast::<T>()) };
            });
        }
        if self.by_columns {
            return team.run(parts, &|part, _| {
                let at = |part: usize| cut(part, parts, self.n, COLUMNS);
                let (from, to, scratch) = (at(part), at(part + 1), buffers.partials.cast::<T>());
                // SAFETY: parts transpose and write columns of their own.
                unsafe {
                    if self.strategy == GemmStrategy::Transposed {
                        self.transpose(buffers, 0, from, to, scratch);
                    }
                    self.multiply(buffers, 0, (0, self.m), (from, to - from), scratch);
                }
            });
        }
        team.run(parts, &|part, _| {
            let at = |part: usize| cut(part, parts, self.m, 8);
            let (from, to, scratch) = (at(part), at(part + 1), buffers.partials.cast::<T>());
            // SAFETY: parts write rows of their own; a vector has one part, and so the scratch to itself.
            unsafe { self.multiply(buffers, 0, (from, to - from), (0, self.n), scratch) };
        });
    }
}

/// Columns of a part at least, and but for the last one a multiple of this, so that vectors are full.
const COLUMNS: usize = 32;
/// Elements that it pays to transpose on another thread.
const TRANSPOSED: usize = 16 * 1024;

impl Op for DirectGemm {
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
        if self.products.len() > 1 { self.scratch() * self.kind.size() } else { 0 }
    }

    fn partial_bytes(&self) -> usize {
        if self.products.len() > 1 { 0 } else { self.scratch() * self.kind.size() }
    }

    fn parts(&self) -> usize {
        self.parts
    }

    fn cost(&self) -> Cost {
        gemm_cost([self.m, self.n, self.k], self.products.len(), self.kind, self.epilogue.as_ref())
    }
}
