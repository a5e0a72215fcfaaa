//! Which products are rounded together with the sum that reads them, as one fused multiply–add.
//!
//! Decided on the graph alone, before values are put into loops and loops are cut: else the bits of a result could depend
//! on how many lanes run beside it.

use rustc_hash::FxHashMap;
use thalweg_autodiff::Var;
use thalweg_autodiff::primitives::Elementwise;

use super::epilogue::{as_elementwise, is_read_once, readers};
use super::value::{Values, View};
use crate::kernels::Kind;
use crate::layout::refine;

/// For each such sum or difference, its product. Of two products of a sum it is the second.
pub(crate) fn contracted(values: &Values) -> FxHashMap<Var, Var> {
    let readers = readers(values);
    let product = |sum: Var, view: &View| {
        let same = view.is_identity()
            && values.kind(view.root) == values.kind(sum)
            && is_read_once(&readers, view.root)
            && refine(&view.layout.shape, &values.func.ty(view.root).shape).is_some();
        matches!(as_elementwise(values, view.root), Some((Elementwise::Mul, _)))
            .then_some(view.root)
            .filter(|_| same)
    };
    let pair = |var: Var| {
        let (op, views) = as_elementwise(values, var)?;
        let is_float = matches!(values.kind(var), Some(Kind::F32 | Kind::F64));
        let found = match op {
            Elementwise::Add => product(var, &views[1]).or_else(|| product(var, &views[0])),
            Elementwise::Sub => product(var, &views[1]),
            _ => None,
        };
        found.filter(|_| is_float).map(|product| (var, product))
    };
    (0..values.defs.len()).map(Var::new).filter(|var| values.live[var.index()]).filter_map(pair).collect()
}
