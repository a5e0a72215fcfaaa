//! Which products are computed together with what follows them: a bias or another sum, a rectifier, or the way back
//! through one. The product's elements are then changed where they come to be, and never written as they were.

use rustc_hash::FxHashMap;
use thalweg_autodiff::Var;
use thalweg_autodiff::primitives::{Elementwise, Prim};

use super::value::{Def, ElementOp, FusedEpilogue, Values, View, is_aligned};
use crate::gemm::Epilogue;
use crate::kernels::Kind;

/// Makes values that are epilogues of products operations of their own.
pub(crate) fn fuse_epilogues(values: &mut Values) {
    let readers = readers(values);
    let found: Vec<(Var, FusedEpilogue)> = (0..values.defs.len())
        .map(Var::new)
        .filter(|var| values.live[var.index()])
        .filter_map(|var| Some((var, epilogue_of(values, &readers, var)?)))
        .collect();
    if found.is_empty() {
        return;
    }
    for (var, finished) in found {
        values.defs[var.index()] = Def::WithEpilogue(Box::new(finished));
    }
    values.mark_live();
}

pub(crate) type Readers = FxHashMap<Var, Vec<Option<Var>>>;

/// What reads each value; `None` stands for the caller.
pub(crate) fn readers(values: &Values) -> Readers {
    let mut readers = Readers::default();
    for var in (0..values.defs.len()).map(Var::new).filter(|var| values.live[var.index()]) {
        if !matches!(values.defs[var.index()], Def::View(_)) {
            values.operands(var).iter().for_each(|view| readers.entry(view.root).or_default().push(Some(var)));
        }
    }
    values.func.outputs().iter().for_each(|o| readers.entry(values.view(*o).root).or_default().push(None));
    readers
}

pub(crate) fn as_elementwise<'v>(values: &'v Values, var: Var) -> Option<(Elementwise, &'v [View])> {
    match &values.defs[var.index()] {
        Def::Elementwise(ElementOp::Elementwise(op), views) => Some((*op, views)),
        _ => None,
    }
}

fn is_zero(values: &Values, view: &View) -> bool {
    matches!(values.defs[view.root.index()], Def::Literal(value) if value.value() == 0.0)
}

fn epilogue_of(values: &Values, readers: &Readers, var: Var) -> Option<FusedEpilogue> {
    let (op, views) = as_elementwise(values, var)?;
    let found = match op {
        Elementwise::Add => {
            // With a loop that reads the sum lane by lane, the sum costs nothing there.
            let lanes = values.num_elements(var);
            let joins = |reader: &Option<Var>| {
                reader.is_some_and(|r| {
                    matches!(values.defs[r.index()], Def::Elementwise(..))
                        && values.operands(r).iter().any(|v| v.root == var && is_aligned(values, v, lanes))
                })
            };
            if readers.get(&var)?.iter().any(joins) {
                return None;
            }
            sum(values, readers, views, Epilogue::Add)
        }
        Elementwise::Relu => {
            let (Elementwise::Add, added) = as_elementwise(values, views[0].root)? else { return None };
            let alone = views[0].is_identity() && is_read_once(readers, views[0].root);
            alone.then(|| sum(values, readers, added, Epilogue::AddRelu)).flatten()
        }
        Elementwise::Select => {
            let (Elementwise::Le, compared) = as_elementwise(values, views[0].root)? else { return None };
            let is_way_back = views[0].is_identity()
                && is_zero(values, &views[1])
                && is_zero(values, &compared[1])
                && is_read_once(readers, views[0].root)
                && values.kind(compared[0].root) == values.kind(var);
            let product = is_way_back.then(|| product(values, readers, &views[2])).flatten()?;
            Some(FusedEpilogue { product, epilogue: Epilogue::ReluGrad, other: compared[0].clone() })
        }
        _ => None,
    }?;
    lies_in_rows(values, &found).then_some(found)
}

/// The sum of a product and something else.
fn sum(values: &Values, readers: &Readers, views: &[View], finish: Epilogue) -> Option<FusedEpilogue> {
    let of = |k: usize| {
        let other = views[1 - k].clone();
        product(values, readers, &views[k]).map(|product| FusedEpilogue { product, epilogue: finish, other })
    };
    of(0).or_else(|| of(1))
}

pub(crate) fn is_read_once(readers: &Readers, var: Var) -> bool {
    readers.get(&var).is_some_and(|r| r.len() == 1 && r[0].is_some())
}

/// The one matrix product that the view is, if nothing else reads it.
fn product(values: &Values, readers: &Readers, view: &View) -> Option<Var> {
    let eqn = &values.func.eqns()[view.root.index()];
    let shape = &eqn.ty.shape;
    let is_product =
        matches!(eqn.prim, Prim::Matmul(_)) && matches!(values.defs[view.root.index()], Def::Opaque);
    let is_one = shape.len() >= 2 && shape[..shape.len() - 2].iter().all(|n| *n == 1);
    let is_float = matches!(values.kind(view.root), Some(Kind::F32 | Kind::F64));
    let found = is_product && is_one && is_float && view.is_identity() && is_read_once(readers, view.root);
    found.then_some(view.root)
}

/// Whether the other matrix is in memory, row by row or one row for all.
fn lies_in_rows(values: &Values, finished: &FusedEpilogue) -> bool {
    let (other, shape) = (&finished.other, &values.func.ty(finished.product).shape);
    let matrix = &shape[shape.len() - 2..];
    let in_memory = !matches!(values.defs[other.root.index()], Def::Literal(_));
    in_memory
        && values.kind(other.root) == values.kind(finished.product)
        && other.layout.reshape(matrix).is_some_and(|rows| {
            let is_dense = matrix[1] == 1 || rows.strides[1] == 1;
            is_dense && (matrix[0] == 1 || rows.strides[0] >= 0)
        })
}
