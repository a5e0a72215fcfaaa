//! Indices that steps take elements by, and whether one outside of its axis is found before a run begins.

use thalweg_autodiff::prim::Prim;
use thalweg_autodiff::{Eqn, Var};

use super::Planner;
use super::values::{Def, LaneOp, Values, View};
use crate::steps::Indices;

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

impl Planner<'_, '_> {
    /// Where the indices are that are looked at before a run.
    pub(super) fn indices(&self, all: Vec<CallerIndices>) -> Vec<Indices> {
        let place = |indices: CallerIndices| {
            let root = indices.of.root;
            let (slot, kind) = (*self.slots.get(&root)?, self.values.kind(root)?);
            Some(Indices::new(slot, indices.of.layout, kind, indices.along))
        };
        all.into_iter().filter_map(place).collect()
    }
}

/// The axis that a step by index counts along.
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
        Def::Lanes(LaneOp::Copy, of) if view.is_identity() => of[0].clone(),
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

#[cfg(test)]
mod tests {
    use burn::nn::pool::MaxPool2dConfig;
    use burn::tensor::{Device, Int, Tensor};
    use thalweg_autodiff::{Result, trace};

    use crate::plan::{Carry, plan};
    use crate::program::Options;

    type Loss = fn(Tensor<2>, Tensor<1, Int>) -> Tensor<1>;

    /// Whether the state of a step with such a loss is overwritten in place, and how many indices are looked at before.
    fn step(loss: Loss) -> Result<(bool, usize)> {
        let device = Device::flex();
        let args = (Tensor::<2>::ones([4, 3], &device), Tensor::<1, Int>::from_ints([2, 0, 1, 3], &device));
        let f = |(x, i): (Tensor<2>, Tensor<1, Int>)| (x.clone() * 0.5, loss(x, i));
        let planned =
            plan(trace(f, &args)?.func(), &[(0, 0)], Options { unroll: false, ..Options::default() })?;
        Ok((matches!(planned.carries[..], [Carry::InPlace]), planned.indices.len()))
    }

    #[test]
    fn state_is_kept_apart_only_where_an_index_may_be_found_outside_too_late() -> Result<()> {
        assert_eq!(step(|x, _| x.exp().max_dim(1).sum())?, (true, 0));
        assert_eq!(step(|x, _| x.exp().sort(1).slice([0..4, 0..1]).sum())?, (true, 0));
        let pooled: Loss =
            |x, _| MaxPool2dConfig::new([2, 2]).init().forward(x.exp().reshape([1, 1, 4, 3])).sum();
        assert_eq!(step(pooled)?, (true, 0));
        assert_eq!(step(|x, i| x.exp().select(0, i).sum())?, (true, 1));
        assert_eq!(step(|x, i| x.exp().select(0, i.narrow(0, 1, 3)).sum())?, (true, 1));
        assert_eq!(step(|x, i| x.exp().select(0, i.clone() * i).sum())?, (false, 0));
        Ok(())
    }
}
