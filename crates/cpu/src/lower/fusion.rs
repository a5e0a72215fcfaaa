//! Which members of a group are computed together by one kernel.

use rustc_hash::{FxHashMap, FxHashSet};
use thalweg_autodiff::Var;
use thalweg_autodiff::primitives::{Elementwise, Reduction};

use super::adam::AdamUpdate;
use super::group::LoweringContext;
use crate::graph::{Def, ElementOp, FusionGroup, View, is_aligned};
use crate::kernels;
use crate::kernels::{Chain, Kernel, Kind};

/// A member that a kernel computes from operands further back, over other members that nothing else reads.
pub(crate) struct Fused {
    pub kernel: Kernel,
    /// The kernel that writes over one of its operands, and which.
    pub in_place: Option<(usize, Kernel)>,
    pub name: &'static str,
    pub reads: Vec<View>,
}

/// The kernels of joined members, and the members that they stand for.
pub(crate) struct Fusion {
    pub fused: FxHashMap<Var, Fused>,
    pub fused_away: FxHashSet<Var>,
    /// Members with which all of an update is computed.
    pub optimizer_updates: FxHashMap<Var, AdamUpdate>,
    /// What sums of products with zero look at.
    pub finite_checks: FxHashMap<Var, View>,
}

impl Fusion {
    pub fn none() -> Self {
        Fusion {
            fused: FxHashMap::default(),
            fused_away: FxHashSet::default(),
            optimizer_updates: FxHashMap::default(),
            finite_checks: FxHashMap::default(),
        }
    }

    /// Whether the group is updates and nothing else.
    pub fn is_all_updates(&self, group: &FusionGroup) -> bool {
        group.members.iter().all(|v| self.fused_away.contains(v) || self.optimizer_updates.contains_key(v))
    }
}

/// Looks at a group's operations as expressions.
pub(crate) struct Fuser<'p, 'a, 'f> {
    pub context: &'p LoweringContext<'a, 'f>,
    pub group: &'p FusionGroup,
    /// How often members read each member.
    pub uses: &'p FxHashMap<Var, usize>,
    /// Whether a view that is no member is one value for all lanes.
    pub is_uniform: &'p dyn Fn(&View) -> bool,
    /// The members, and whether each is one value for all lanes.
    pub members: FxHashMap<Var, bool>,
}

impl<'p, 'a, 'f> Fuser<'p, 'a, 'f> {
    pub fn new(
        context: &'p LoweringContext<'a, 'f>,
        group: &'p FusionGroup,
        uses: &'p FxHashMap<Var, usize>,
        is_uniform: &'p dyn Fn(&View) -> bool,
    ) -> Self {
        let members = group.members.iter().map(|v| (*v, false)).collect();
        let mut fuser = Fuser { context, group, uses, is_uniform, members };
        // In the order of the members, which is that of their operands, so that each is looked at once.
        for member in &group.members {
            let uniform = context.values.operands(*member).iter().all(|view| fuser.uniform(view));
            fuser.members.insert(*member, uniform);
        }
        fuser
    }

    pub fn run(&self) -> Fusion {
        let mut fusion = Fusion::none();
        // From the results backwards, so that the longest chains come first.
        for var in self.group.members.iter().rev().filter(|v| self.context.values.kind(**v).is_some()) {
            if fusion.fused_away.contains(var) {
                continue;
            }
            if let Some(update) = self.adam(*var) {
                fusion.fused_away.extend(update.members.iter().filter(|v| *v != var));
                fusion.optimizer_updates.insert(*var, update);
                continue;
            }
            if let Some((product, of)) = self.check(*var) {
                fusion.fused_away.insert(product);
                fusion.finite_checks.insert(*var, of);
                continue;
            }
            for (chain, name, reads, fused_away) in self.candidates(*var) {
                let Some((kernel, in_place)) = self.kernel(chain, *var, &reads) else { continue };
                fusion.fused_away.extend(fused_away);
                fusion.fused.insert(*var, Fused { kernel, in_place, name, reads });
                break;
            }
        }
        fusion
    }

    pub(super) fn op(&self, var: Var) -> Option<(Elementwise, &'p [View])> {
        match &self.context.values.defs[var.index()] {
            Def::Elementwise(ElementOp::Elementwise(op), views) => Some((*op, views)),
            _ => None,
        }
    }

    pub(super) fn is_member(&self, view: &View) -> bool {
        is_aligned(self.context.values, view, self.group.lanes) && self.members.contains_key(&view.root)
    }

    /// The operands of a member that `op` computes and that only its one reader needs.
    pub(super) fn inner(&self, view: &View, op: Elementwise) -> Option<&'p [View]> {
        let alone = self.is_member(view)
            && self.uses.get(&view.root) == Some(&1)
            && !self.context.buffers.contains_key(&view.root);
        self.op(view.root).filter(|(own, _)| alone && *own == op).map(|(_, views)| views)
    }

    pub(super) fn uniform(&self, view: &View) -> bool {
        match self.members.get(&view.root) {
            Some(uniform) if self.is_member(view) => *uniform,
            _ => (self.is_uniform)(view),
        }
    }

    /// The operands of the product that is rounded with the sum or difference `var`, if it is operand `k`.
    fn contracted(&self, var: Var, views: &'p [View], k: usize) -> Option<&'p [View]> {
        let product = self.context.values.contracted.get(&var)?;
        self.inner(&views[k], Elementwise::Mul).filter(|_| views[k].root == *product)
    }

    /// The factors of a product, the one that all lanes share last.
    pub(super) fn uniform_factor_last(&self, views: &'p [View]) -> [&'p View; 2] {
        if self.uniform(&views[0]) { [&views[1], &views[0]] } else { [&views[0], &views[1]] }
    }

    /// The product of a sum over `x·0`, by which numbers are found that are not finite, and `x`.
    fn check(&self, var: Var) -> Option<(Var, View)> {
        let Def::Elementwise(ElementOp::Reduce(Reduction::Sum, _), views) =
            &self.context.values.defs[var.index()]
        else {
            return None;
        };
        let [x, zero] = self.uniform_factor_last(self.inner(&views[0], Elementwise::Mul)?);
        let is_zero =
            matches!(&self.context.values.defs[zero.root.index()], Def::Literal(z) if z.value() == 0.0);
        let is_float = matches!(self.context.values.kind(x.root), Some(Kind::F32 | Kind::F64));
        (is_zero && is_float).then(|| (views[0].root, x.clone()))
    }

    /// Ways to compute a member together with others: the longest first.
    fn candidates(&self, var: Var) -> Vec<(Chain, &'static str, Vec<View>, Vec<Var>)> {
        let Some((op, views)) = self.op(var) else { return vec![] };
        let mut found = vec![];
        match op {
            Elementwise::Div => {
                found.extend(self.scaled_quotient(views).map(|(reads, fused_away)| {
                    (
                        Chain::ScaledQuotient,
                        "scaled_quotient",
                        reads.map(Clone::clone).to_vec(),
                        fused_away.to_vec(),
                    )
                }));
            }
            Elementwise::Add => {
                if let (Some(left), Some(right)) =
                    (self.inner(&views[0], Elementwise::Mul), self.contracted(var, views, 1))
                {
                    let ([x, a], [y, b]) = (self.uniform_factor_last(left), self.uniform_factor_last(right));
                    let both = vec![views[0].root, views[1].root];
                    if let Some(product) = self.inner(y, Elementwise::Mul) {
                        let reads = [x, a, &product[0], &product[1], b].map(Clone::clone).to_vec();
                        let fused_away = [both.clone(), vec![y.root]].concat();
                        found.push((Chain::AxpbyProduct, "axpby_product", reads, fused_away));
                    }
                    let reads = [x, a, y, b].map(Clone::clone).to_vec();
                    found.push((Chain::Axpby, "axpby", reads, both));
                }
                found.extend([1, 0].into_iter().filter_map(|k| self.product(var, views, k, false)));
            }
            Elementwise::Sub => found.extend(self.product(var, views, 1, true)),
            Elementwise::Relu => found.extend(self.inner(&views[0], Elementwise::Add).map(|sum| {
                (
                    Chain::AddRelu,
                    "add_relu",
                    self.uniform_factor_last(sum).map(Clone::clone).to_vec(),
                    vec![views[0].root],
                )
            })),
            Elementwise::Select => {
                for by in [
                    Elementwise::Eq,
                    Elementwise::Ne,
                    Elementwise::Lt,
                    Elementwise::Le,
                    Elementwise::Gt,
                    Elementwise::Ge,
                ] {
                    let Some(compared) = self.inner(&views[0], by) else { continue };
                    let reads = [&compared[0], &compared[1], &views[1], &views[2]].map(Clone::clone).to_vec();
                    found.push((Chain::SelectCompare(by), "select_compare", reads, vec![views[0].root]));
                }
            }
            _ => {}
        }
        found
    }

    /// The operands of `x·A / (√(y·B) + C)`, and the members within.
    pub(super) fn scaled_quotient(&self, views: &'p [View]) -> Option<([&'p View; 5], [Var; 4])> {
        let product = self.inner(&views[0], Elementwise::Mul)?;
        let sum = self.inner(&views[1], Elementwise::Add)?;
        let root = self.inner(&sum[0], Elementwise::Sqrt)?;
        let under = self.inner(&root[0], Elementwise::Mul)?;
        let ([x, a], [y, b]) = (self.uniform_factor_last(product), self.uniform_factor_last(under));
        Some(([x, a, y, b, &sum[1]], [views[0].root, views[1].root, sum[0].root, root[0].root]))
    }

    fn product(
        &self,
        var: Var,
        views: &'p [View],
        k: usize,
        negated: bool,
    ) -> Option<(Chain, &'static str, Vec<View>, Vec<Var>)> {
        let factors = self.contracted(var, views, k)?;
        let reads = factors.iter().chain([&views[1 - k]]).cloned().collect();
        let (chain, name) = if negated { (Chain::MulSub, "mul_sub") } else { (Chain::MulAdd, "mul_add") };
        Some((chain, name, reads, vec![views[k].root]))
    }

    fn kernel(&self, chain: Chain, var: Var, reads: &[View]) -> Option<(Kernel, Option<(usize, Kernel)>)> {
        let kind = self.context.values.kind(var).filter(|k| matches!(k, Kind::F32 | Kind::F64))?;
        if reads.iter().any(|v| self.context.values.kind(v.root) != Some(kind)) {
            return None;
        }
        let uniform: Vec<bool> = reads.iter().map(|v| self.uniform(v)).collect();
        let all = uniform.iter().all(|u| *u);
        let repeated: Vec<bool> = uniform.into_iter().map(|u| u && !all).collect();
        let isa = self.context.isa;
        let kernel = kernels::chain(chain, kind, &repeated, isa)?;
        Some((kernel, kernels::chain_in_place(chain, kind, &repeated, isa).filter(|_| !all)))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use burn::tensor::{Device, Tensor};
    use thalweg_autodiff::trace;

    use super::*;
    use crate::graph::{ScheduleItem, Values, schedule};
    use crate::isa::Isa;

    /// A visit for each path through a chain of squares would be 2⁴⁰.
    #[test]
    fn each_operand_is_looked_at_once() {
        let chain =
            |x: Tensor<1>| (0..40).fold(x.clone(), |y, k| y.clone() * y + x.clone() * (1.0 + f64::from(k)));
        let traced = trace(chain, &Tensor::<1>::ones([1], &Device::flex())).expect("the chain can be traced");
        let values = Values::new(traced.func());
        let buffers = FxHashMap::default();
        let context = LoweringContext { values: &values, buffers: &buffers, isa: Isa::BASELINE };
        for item in schedule(&values) {
            let ScheduleItem::Group(group) = item else { continue };
            let visits = Cell::new(0);
            let is_uniform = |_: &View| {
                visits.set(visits.get() + 1);
                true
            };
            let uses = FxHashMap::default();
            let operands: usize = group.members.iter().map(|v| values.operands(*v).len()).sum();
            let fuser = Fuser::new(&context, &group, &uses, &is_uniform);
            assert!(fuser.members.values().all(|uniform| *uniform));
            assert!(visits.get() <= operands, "{} visits of {operands} operands", visits.get());
        }
    }
}
