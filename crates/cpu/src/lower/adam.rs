//! Finds whole updates of an optimizer among the members of a group.

use thalweg_autodiff::Var;
use thalweg_autodiff::primitives::Elementwise;

use super::fusion::Fuser;
use crate::graph::View;
use crate::kernels;
use crate::kernels::{Kernel, Kind};

/// Members that one kernel computes all at once, each into memory.
pub(crate) struct AdamUpdate {
    pub kernel: Kernel,
    pub name: &'static str,
    pub results: Vec<Var>,
    /// Operands in the order of the kernel's list, behind the results; `None` for one that the variant does not have.
    pub reads: Vec<Option<View>>,
    /// All members that the kernel stands for.
    pub members: Vec<Var>,
}

impl<'p> Fuser<'p, '_, '_> {
    /// Adam's update whose new parameter is `end`, also if a condition stands before it under which all stays as it was.
    pub(super) fn adam(&self, end: Var) -> Option<AdamUpdate> {
        let (op, views) = self.op(end)?;
        let still = (op == Elementwise::Select).then(|| [&views[0], &views[1]]);
        let mut members = vec![end];
        let moved = match still {
            Some(_) => {
                members.push(views[2].root);
                self.inner(&views[2], Elementwise::Sub)?
            }
            None if op == Elementwise::Sub => views,
            None => return None,
        };
        let w = &moved[0];
        let [u, rate] = self.uniform_factor_last(self.inner(&moved[1], Elementwise::Mul)?);
        members.extend([moved[1].root, u.root]);
        let decayed = self.inner(u, Elementwise::Add).and_then(|sum| {
            let [own, by] = self.uniform_factor_last(self.inner(&sum[1], Elementwise::Mul)?);
            (own == w).then_some((&sum[0], sum[1].root, by))
        });
        let ratio = match decayed {
            Some((ratio, product, _)) => {
                members.extend([ratio.root, product]);
                ratio
            }
            None => u,
        };
        let (ratio, within) = self.scaled_quotient(self.inner(ratio, Elementwise::Div)?)?;
        let [m, e, v, f, eps] = ratio;
        members.extend(within);
        members.extend([m.root, v.root]);
        let ([old_m, a, g, b], within) = self.axpby(m)?;
        members.extend(within);
        let ([old_v, c, square, d], within) = self.axpby(v)?;
        members.extend(within);
        let factors = self.inner(square, Elementwise::Mul)?;
        members.push(square.root);
        let squares = factors.iter().all(|x| x == g);

        let own: Option<Vec<Var>> = match still {
            None => Some(vec![m.root, v.root, end]),
            Some([stands, old]) => {
                let kept = |new: &View, old: &View| self.select_old_or_new(new, stands, old);
                (old == w).then_some(()).and_then(|()| Some(vec![kept(m, old_m)?, kept(v, old_v)?, end]))
            }
        };
        let results = own.filter(|_| squares)?;
        members.extend(&results);
        members.sort_unstable_by_key(|v| v.index());
        members.dedup();

        let arrays = [old_m, old_v, w, g];
        let decay = decayed.map(|(.., by)| by);
        let numbers = [Some(a), Some(b), Some(c), Some(d), Some(e), Some(f), Some(eps), decay, Some(rate)];
        let kind = self.context.values.kind(end)?;
        let typed = arrays
            .iter()
            .chain(numbers.iter().flatten())
            .all(|x| self.context.values.kind(x.root) == Some(kind));
        let places =
            arrays.iter().all(|x| !self.uniform(x)) && numbers.iter().flatten().all(|x| self.uniform(x));
        let stands = still.map(|[stands, _]| stands);
        let alone = match stands {
            None => self.uses_are(&[m.root, v.root], 1),
            // What may not come to stay is read by the ratio and by the condition.
            Some(stands) => {
                self.uniform(stands)
                    && self.context.values.kind(stands.root) == Some(Kind::Bool)
                    && self.uses_are(&[m.root, v.root], 2)
                    && ![m, v].iter().any(|x| self.context.buffers.contains_key(&x.root))
                    && self.uses_are(&results[..2], 0)
            }
        };
        let stored = results.iter().all(|v| self.context.buffers.contains_key(v)) && self.uses_are(&[end], 0);
        if !(typed && places && alone && stored && self.may_overwrite(&results, &arrays, &members)) {
            return None;
        }
        let kernel = kernels::adam(kind, decay.is_some(), stands.is_some(), self.context.isa)?;
        let reads = arrays.map(Some).into_iter().chain(numbers).chain([stands]).map(|x| x.cloned()).collect();
        let name = if decay.is_some() { "adamw" } else { "adam" };
        Some(AdamUpdate { kernel, name, results, reads, members })
    }

    /// The operands of `x·A + y·B`, and the two products.
    fn axpby(&self, view: &View) -> Option<([&'p View; 4], [Var; 2])> {
        let (_, views) =
            self.op(view.root).filter(|(op, _)| *op == Elementwise::Add && self.is_member(view))?;
        let [x, a] = self.uniform_factor_last(self.inner(&views[0], Elementwise::Mul)?);
        let [y, b] = self.uniform_factor_last(self.inner(&views[1], Elementwise::Mul)?);
        Some(([x, a, y, b], [views[0].root, views[1].root]))
    }

    /// The member that is `new` unless the condition holds, and `old` then.
    fn select_old_or_new(&self, new: &View, stands: &View, old: &View) -> Option<Var> {
        let is = |v: &&Var| {
            self.op(**v).is_some_and(|(op, views)| {
                op == Elementwise::Select
                    && views[0] == *stands
                    && views[1] == *old
                    && views[2].root == new.root
            })
        };
        self.group.members.iter().find(is).copied()
    }

    /// Whether members of the group read each of these so often.
    fn uses_are(&self, vars: &[Var], n: usize) -> bool {
        vars.iter().all(|v| self.uses.get(v).copied().unwrap_or(0) == n)
    }

    /// Whether the results may take the places that they have: what else is there is only what each replaces, which the
    /// update alone reads, lane by lane.
    fn may_overwrite(&self, results: &[Var], arrays: &[&View], members: &[Var]) -> bool {
        let buffer = |v: &Var| self.context.buffers.get(v);
        self.group.members.iter().all(|member| {
            self.context.values.operands(*member).iter().filter(|view| !self.is_member(view)).all(|view| {
                let taken =
                    buffer(&view.root).and_then(|own| results.iter().position(|r| buffer(r) == Some(own)));
                taken.is_none_or(|k| view == arrays[k] && view.is_identity() && members.contains(member))
            })
        })
    }
}
