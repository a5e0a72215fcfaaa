//! What each value of a graph is to the executor: something in memory, a view of it, or something to compute.

use std::sync::Arc;

use burn::tensor::TensorData;
use rustc_hash::FxHashMap;
use thalweg_autodiff::primitives::{Elementwise, Prim, Reduction};
use thalweg_autodiff::{Eqn, Func, Literal, Var};

use crate::gemm::Epilogue;
use crate::kernels::{Kind, ReduceAxes};
use crate::layout::Layout;

/// Elements of another value, in another order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct View {
    pub root: Var,
    pub layout: Layout,
}

impl View {
    /// Whether element `i` of the view is element `i` of the root.
    pub fn is_identity(&self) -> bool {
        self.layout.is_contiguous()
    }
}

/// What a loop computes for each lane, or from all lanes of a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ElementOp {
    Elementwise(Elementwise),
    Convert,
    Copy,
    Reduce(Reduction, ReduceAxes),
}

/// How a value comes about.
#[derive(Clone, Debug)]
pub(crate) enum Def {
    Input,
    Literal(Literal),
    Data(Arc<TensorData>),
    View(View),
    /// Computed in a loop over lanes, from views that all have the loop's number of lanes.
    Elementwise(ElementOp, Vec<View>),
    /// An operation of its own.
    Opaque,
    /// A product and what follows it, as one operation.
    WithEpilogue(Box<FusedEpilogue>),
}

/// A product and what is done to its elements with those of `other`.
#[derive(Clone, Debug)]
pub(crate) struct FusedEpilogue {
    pub product: Var,
    pub epilogue: Epilogue,
    /// A matrix as large as the product, whose rows may be one and the same.
    pub other: View,
}

/// The values of a graph, each with its definition.
pub(crate) struct Values<'a> {
    pub func: &'a Func,
    pub defs: Vec<Def>,
    /// Whether the result or an operation needs the value.
    pub live: Vec<bool>,
    /// The product that is rounded together with a sum or difference.
    pub contracted: FxHashMap<Var, Var>,
}

impl<'a> Values<'a> {
    pub fn new(func: &'a Func) -> Self {
        let dense = dense_uses(func);
        let mut values = Values { func, defs: vec![], live: vec![], contracted: FxHashMap::default() };
        for (i, eqn) in func.eqns().iter().enumerate() {
            let def = values.define(eqn, dense[i]);
            values.defs.push(def);
        }
        values.mark_live();
        values
    }

    pub fn kind(&self, var: Var) -> Option<Kind> {
        Kind::of(self.func.ty(var).dtype)
    }

    pub fn num_elements(&self, var: Var) -> usize {
        self.func.ty(var).num_elements()
    }

    /// The value as elements of one that is in memory or computed.
    pub fn view(&self, var: Var) -> View {
        match self.defs.get(var.index()) {
            Some(Def::View(view)) => view.clone(),
            _ => View { root: var, layout: Layout::contiguous(&self.func.ty(var).shape) },
        }
    }

    /// Views of the operands that an operation or loop reads.
    pub fn operands(&self, var: Var) -> Vec<View> {
        match &self.defs[var.index()] {
            Def::Elementwise(_, views) => views.clone(),
            Def::Opaque => self.arguments(var),
            Def::WithEpilogue(of) => [self.arguments(of.product), vec![of.other.clone()]].concat(),
            Def::View(view) => vec![view.clone()],
            Def::Input | Def::Literal(_) | Def::Data(_) => vec![],
        }
    }

    fn arguments(&self, var: Var) -> Vec<View> {
        self.func.eqns()[var.index()].args.iter().map(|a| self.view(*a)).collect()
    }

    fn define(&self, eqn: &Eqn, dense: bool) -> Def {
        let arg = |k: usize| self.view(eqn.args[k]);
        let has_kind = Kind::of(eqn.ty.dtype).is_some();
        let same = |of: View, layout: Option<Layout>| match layout {
            _ if !has_kind => Def::Opaque,
            Some(layout) if layout.is_contiguous() || !dense => Def::View(View { root: of.root, layout }),
            Some(layout) => Def::Elementwise(ElementOp::Copy, vec![View { root: of.root, layout }]),
            None => Def::Elementwise(ElementOp::Copy, vec![of]),
        };
        let changed = |change: &dyn Fn(&Layout) -> Option<Layout>| {
            let of = arg(0);
            let layout = change(&of.layout);
            same(of, layout)
        };
        match &eqn.prim {
            Prim::Input(_) => Def::Input,
            Prim::Full(full) => Def::Literal(full.value),
            Prim::Constant(constant) => Def::Data(constant.data.clone()),
            Prim::StopGradient(_) | Prim::Alias(_) => changed(&|x| Some(x.clone())),
            Prim::Reshape(p) => changed(&|x| x.reshape(&p.shape)),
            Prim::Permute(p) => changed(&|x| Some(x.permute(&p.axes))),
            Prim::Broadcast(p) => changed(&|x| Some(x.broadcast(&p.shape))),
            Prim::Slice(p) => changed(&|x| Some(x.slice(&p.ranges))),
            Prim::Flip(p) => changed(&|x| Some(x.flip(&p.axes))),
            Prim::Elementwise(op) if is_elementwise(self.func, eqn) => {
                Def::Elementwise(ElementOp::Elementwise(*op), (0..eqn.args.len()).map(arg).collect())
            }
            Prim::Convert(_) if is_elementwise(self.func, eqn) => {
                Def::Elementwise(ElementOp::Convert, vec![arg(0)])
            }
            Prim::Reduce(p) if is_elementwise(self.func, eqn) => self.reduce(p.op, &p.axes, arg(0)),
            _ => Def::Opaque,
        }
    }

    /// A reduction as a loop: over the operand as it lies where the reduced axes are neighbours, else over a view of it that
    /// has them last. What is reduced alike has the same form however many axes of other lanes stand before it.
    fn reduce(&self, op: Reduction, axes: &[usize], mut of: View) -> Def {
        let shape = of.layout.shape.clone();
        let reduced = |i: &usize| axes.contains(i);
        let long: Vec<usize> = (0..shape.len()).filter(|i| shape[*i] != 1).collect();
        let length = |wanted: bool| -> usize {
            long.iter().filter(|i| reduced(i) == wanted).map(|i| shape[*i]).product()
        };
        let turns = long.windows(2).filter(|w| reduced(&w[0]) != reduced(&w[1])).count();
        let along = match (turns, long.first().map(reduced)) {
            (0, _) => ReduceAxes::All,
            (1, Some(false)) => ReduceAxes::Inner(length(true)),
            (1, Some(true)) | (2, Some(false)) => {
                let behind = long.iter().rev().take_while(|i| !reduced(i)).map(|i| shape[*i]).product();
                ReduceAxes::Outer { rows: length(true), columns: behind }
            }
            _ => {
                let kept = (0..shape.len()).filter(|i| !reduced(i));
                let order: Vec<usize> = kept.chain(axes.iter().copied()).collect();
                of.layout = of.layout.permute(&order);
                ReduceAxes::Inner(length(true))
            }
        };
        Def::Elementwise(ElementOp::Reduce(op, along), vec![of])
    }

    pub(super) fn mark_live(&mut self) {
        self.live = vec![false; self.defs.len()];
        for out in self.func.outputs() {
            self.live[out.index()] = true;
        }
        for i in (0..self.defs.len()).rev() {
            if self.live[i] {
                for view in self.operands(Var::new(i)) {
                    self.live[view.root.index()] = true;
                }
            }
        }
    }
}

/// Which values something reads that only takes them in row-major order: results, and operations that are not products or
/// copies.
fn dense_uses(func: &Func) -> Vec<bool> {
    let mut dense = vec![false; func.eqns().len()];
    func.outputs().iter().for_each(|o| dense[o.index()] = true);
    for eqn in func.eqns().iter().filter(|eqn| !takes_views(func, eqn)) {
        eqn.args.iter().for_each(|a| dense[a.index()] = true);
    }
    dense
}

/// Whether what computes the equation reads its operands in any order.
fn takes_views(func: &Func, eqn: &Eqn) -> bool {
    let has_kind = Kind::of(eqn.ty.dtype).is_some();
    match &eqn.prim {
        Prim::Reshape(_) | Prim::Permute(_) | Prim::Broadcast(_) | Prim::Slice(_) | Prim::Flip(_) => has_kind,
        Prim::StopGradient(_) | Prim::Alias(_) | Prim::Cat(_) | Prim::SliceAssign(_) => has_kind,
        Prim::Matmul(_) => has_kind && eqn.ty.is_float(),
        Prim::Elementwise(_) | Prim::Convert(_) | Prim::Reduce(_) => is_elementwise(func, eqn),
        _ => false,
    }
}

/// Whether a loop computes the equation, element by element or combining elements.
fn is_elementwise(func: &Func, eqn: &Eqn) -> bool {
    let kind = |k: usize| Kind::of(func.ty(eqn.args[k]).dtype);
    Kind::of(eqn.ty.dtype).is_some()
        && match &eqn.prim {
            Prim::Elementwise(Elementwise::Select) => kind(0) == Some(Kind::Bool),
            Prim::Elementwise(op) => kind(0).is_some_and(|kind| crate::kernels::has_elementwise(*op, kind)),
            Prim::Convert(_) => kind(0).is_some(),
            Prim::Reduce(_) => kind(0).is_some() && func.ty(eqn.args[0]).num_elements() > 0,
            _ => false,
        }
}

/// Whether a loop that reads the view may compute its root for the same lanes.
pub(crate) fn is_aligned(values: &Values, view: &View, lanes: usize) -> bool {
    matches!(values.defs[view.root.index()], Def::Elementwise(..))
        && !is_reduce(values, view.root)
        && view.is_identity()
        && values.num_elements(view.root) == lanes
}

pub(super) fn is_reduce(values: &Values, var: Var) -> bool {
    matches!(values.defs[var.index()], Def::Elementwise(ElementOp::Reduce(..), _))
}
