//! Indices that operations take elements by, and whether one outside of its axis is found before a run begins.

use thalweg_autodiff::primitives::Prim;
use thalweg_autodiff::{Eqn, Var};

use super::value::{Def, ElementOp, Values, View};

/// Indices that are an input, a constant, or a part of one, and the length of the axis that they count along.
pub(crate) struct CallerIndices {
    pub of: View,
    pub along: usize,
}

/// All indices that can be looked at before a run. Nothing if there are others that may be outside of their axis, which is
/// then found only while the program runs.
pub(crate) fn caller_indices(values: &Values) -> Option<Vec<CallerIndices>> {
    let mut all = vec![];
    for eqn in values.func.eqns() {
        let Some(axis) = axis(eqn) else { continue };
        let along = values.func.ty(eqn.args[0]).shape[axis];
        let of = source(values, eqn.args[1]);
        match &values.defs[of.root.index()] {
            // Of other types than kernels take, Burn's operation finds out.
            Def::Input | Def::Data(_) if values.kind(of.root).is_some() => {
                all.push(CallerIndices { of, along })
            }
            _ if bound(values, of.root).is_some_and(|bound| bound <= along) => {}
            _ => return None,
        }
    }
    Some(all)
}

/// The axis that an operation by index counts along.
fn axis(eqn: &Eqn) -> Option<usize> {
    match &eqn.prim {
        Prim::Gather(p) => Some(p.axis),
        Prim::IndexSelect(p) => Some(p.axis),
        Prim::Scatter(p) => Some(p.axis),
        Prim::IndexAdd(p) => Some(p.axis),
        _ => None,
    }
}

/// What a value is a copy or a view of.
fn source(values: &Values, var: Var) -> View {
    let view = values.view(var);
    match &values.defs[view.root.index()] {
        Def::Elementwise(ElementOp::Copy, of) if view.is_identity() => of[0].clone(),
        _ => view,
    }
}

/// A number that all elements of a value are below, if it is the result of a search for places.
fn bound(values: &Values, var: Var) -> Option<usize> {
    let eqn = &values.func.eqns()[var.index()];
    let searched = || &values.func.ty(eqn.args[0]).shape;
    match &eqn.prim {
        Prim::ArgReduce(p) => Some(searched()[p.axis]),
        Prim::ArgSort(p) => Some(searched()[p.axis]),
        Prim::MaxPoolIndices(_) => Some(searched()[2..].iter().product()),
        _ => None,
    }
}
