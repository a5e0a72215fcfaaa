//! When each value is computed, and which values share a loop.
//!
//! Values are put into levels: a value that reads another lane by lane may share its level, one that reads it in another
//! order, or combined, comes later. Within a level, values with one number of lanes share a loop. Results are computed
//! as soon as they can be, unless a later loop reads them lane by lane and they may join it; what leads to them, as late
//! as it can be, so that less has to be remembered.

use rustc_hash::{FxHashMap, FxHashSet};
use thalweg_autodiff::Var;

use super::value::{Def, ElementOp, Values, View, is_aligned, is_reduce};
use crate::kernels::ReduceAxes;
use crate::layout::refine;

/// Operands of so few elements are not worth telling loops apart.
const FEW: usize = 64;
/// Up to so many lanes, values share a loop even if they have nothing to do with each other: starting one costs more.
const FEW_LANES: usize = 4096;
/// Values in one loop; more would not fit into the fastest cache.
const MAX_GROUP: usize = 96;

/// Something that runs by itself.
pub(crate) enum ScheduleItem {
    /// A value with an operation of its own.
    Opaque(Var),
    /// Values of one loop, in order.
    Group(FusionGroup),
}

/// Values that share a loop.
pub(crate) struct FusionGroup {
    pub members: Vec<Var>,
    /// Number of lanes.
    pub lanes: usize,
    /// The shape of the lanes, fine enough for every member's own.
    pub shape: Vec<usize>,
    /// What the reductions among the members combine; a loop has one kind.
    pub axes: Option<ReduceAxes>,
    level: usize,
    /// The class of its values; see [`Levels::classes`].
    class: usize,
}

pub(crate) struct Levels<'v, 'f> {
    values: &'v Values<'f>,
    level: Vec<usize>,
    /// The groups of each level, by number, which may take in more values.
    open_groups: Vec<Vec<usize>>,
}

/// Number of lanes and their shape for a value that a loop computes.
fn lanes_of(values: &Values, var: Var) -> (usize, Vec<usize>) {
    match &values.defs[var.index()] {
        Def::Elementwise(_, views) => (views[0].layout.num_elements(), views[0].layout.shape.clone()),
        _ => (values.num_elements(var), values.func.ty(var).shape.clone()),
    }
}

impl<'v, 'f> Levels<'v, 'f> {
    pub fn new(values: &'v Values<'f>) -> Self {
        let mut levels = Levels { values, level: vec![0; values.defs.len()], open_groups: vec![] };
        levels.as_soon_as_possible();
        levels.as_late_as_useful();
        // A product that is rounded with a sum is computed where the sum is.
        for (sum, product) in &values.contracted {
            levels.level[product.index()] = levels.level[sum.index()];
        }
        levels
    }

    fn vars(&self) -> impl DoubleEndedIterator<Item = Var> + use<'f> {
        let live = self.values.live.clone();
        (0..live.len()).filter(move |i| live[*i]).map(Var::new)
    }

    fn as_soon_as_possible(&mut self) {
        for var in self.vars() {
            let lanes = matches!(self.values.defs[var.index()], Def::Elementwise(..));
            let n = lanes_of(self.values, var).0;
            let after = |view: &View| {
                let level = self.level[view.root.index()];
                let computed_in_loop = matches!(self.values.defs[view.root.index()], Def::Elementwise(..));
                let shares = lanes && is_aligned(self.values, view, n);
                level + usize::from(computed_in_loop && !shares)
            };
            self.level[var.index()] = self.values.operands(var).iter().map(after).max().unwrap_or(0);
        }
    }

    fn as_late_as_useful(&mut self) {
        let mut latest: FxHashMap<Var, usize> = FxHashMap::default();
        let mut read_by_lane: FxHashSet<Var> = FxHashSet::default();
        let returned: FxHashSet<Var> =
            self.values.func.outputs().iter().map(|o| self.values.view(*o).root).collect();
        let all: Vec<Var> = self.vars().collect();
        for var in all.into_iter().rev() {
            let (lanes, _) = lanes_of(self.values, var);
            let in_loop = matches!(self.values.defs[var.index()], Def::Elementwise(..));
            let waits = !returned.contains(&var) || read_by_lane.contains(&var);
            if in_loop && !is_reduce(self.values, var) && lanes > 1 && waits {
                let own = &mut self.level[var.index()];
                *own = latest.get(&var).copied().unwrap_or(*own).max(*own);
            }
            let level = self.level[var.index()];
            for view in self.values.operands(var) {
                let shares = in_loop && is_aligned(self.values, &view, lanes);
                let limit = if shares { level } else { level.saturating_sub(1) };
                if shares {
                    read_by_lane.insert(view.root);
                }
                let own = latest.entry(view.root).or_insert(limit);
                *own = limit.min(*own);
            }
        }
    }

    /// Everything that has to run, in order.
    pub fn items(&mut self) -> Vec<ScheduleItem> {
        let last = self.level.iter().max().map_or(0, |s| s + 1);
        let mut groups: Vec<FusionGroup> = vec![];
        let mut group_of: FxHashMap<Var, usize> = FxHashMap::default();
        let mut opaque: Vec<Vec<Var>> = vec![vec![]; last];
        let mut families = self.classes();
        let with_sum: FxHashSet<Var> = self.values.contracted.values().copied().collect();
        self.open_groups = vec![vec![]; last];
        for var in self.vars() {
            match &self.values.defs[var.index()] {
                Def::Opaque | Def::WithEpilogue(_) => opaque[self.level[var.index()]].push(var),
                Def::Elementwise(op, _) if !with_sum.contains(&var) => {
                    let product = self.values.contracted.get(&var).copied();
                    let k = self.group_for(var, product, op, &mut groups, &group_of, &mut families);
                    groups[k].members.extend(product);
                    groups[k].members.push(var);
                    group_of.insert(var, k);
                }
                _ => {}
            }
        }
        let mut items = vec![];
        let mut by_level: Vec<Vec<FusionGroup>> = (0..last).map(|_| vec![]).collect();
        groups.into_iter().for_each(|g| by_level[g.level].push(g));
        for (groups, opaque) in by_level.into_iter().zip(opaque) {
            items.extend(opaque.into_iter().map(ScheduleItem::Opaque));
            items.extend(groups.into_iter().map(ScheduleItem::Group));
        }
        items
    }

    /// The group that computes `var`, and with it a product: one of its level that comes no earlier than its operands',
    /// else a new one.
    fn group_for(
        &mut self,
        var: Var,
        product: Option<Var>,
        op: &ElementOp,
        groups: &mut Vec<FusionGroup>,
        group_of: &FxHashMap<Var, usize>,
        family: &mut UnionFind,
    ) -> usize {
        let (lanes, mut shape) = lanes_of(self.values, var);
        if let Some(of_product) = product.map(|p| lanes_of(self.values, p).1) {
            shape = refine(&shape, &of_product).unwrap_or(shape);
        }
        let level = self.level[var.index()];
        let axes = match op {
            ElementOp::Reduce(_, axes) => Some(*axes),
            _ => None,
        };
        let before = |view: &View| {
            let group = group_of.get(&view.root).copied()?;
            (groups[group].level == level).then_some(group)
        };
        let operands = [Some(var), product].into_iter().flatten().flat_map(|v| self.values.operands(v));
        let first = operands.filter_map(|view| before(&view)).max();
        let own = family.find(var.index());
        // Full groups take no part in the search: with them it would grow with the square of a level's values.
        self.open_groups[level].retain(|k| groups[*k].members.len() < MAX_GROUP);
        for k in self.open_groups[level].iter().copied().filter(|k| *k >= first.unwrap_or(0)) {
            let group = &mut groups[k];
            let fits = group.lanes == lanes && (first == Some(k) || lanes <= FEW_LANES || group.class == own);
            let Some(common) = fits.then(|| refine(&group.shape, &shape)).flatten() else { continue };
            let axes = match (group.axes, axes) {
                (None, one) | (one, None) => one,
                (Some(a), Some(b)) if a == b => Some(a),
                _ => continue,
            };
            (group.shape, group.axes) = (common, axes);
            return k;
        }
        self.open_groups[level].push(groups.len());
        groups.push(FusionGroup { members: vec![], lanes, shape, axes, level, class: own });
        groups.len() - 1
    }

    /// Puts values of one level into one class where one reads the other lane by lane, or both read the same memory.
    fn classes(&self) -> UnionFind {
        let mut families = UnionFind { parent: (0..self.values.defs.len()).collect() };
        let mut readers: FxHashMap<(usize, usize, Var), usize> = FxHashMap::default();
        for var in self.vars() {
            let Def::Elementwise(_, views) = &self.values.defs[var.index()] else { continue };
            let (level, lanes) = (self.level[var.index()], lanes_of(self.values, var).0);
            for view in views {
                if is_aligned(self.values, view, lanes) && self.level[view.root.index()] == level {
                    families.union(var.index(), view.root.index());
                } else if self.values.num_elements(view.root) > FEW {
                    let first = *readers.entry((level, lanes, view.root)).or_insert(var.index());
                    families.union(var.index(), first);
                }
            }
        }
        families
    }
}

/// Values that belong together, as a forest.
struct UnionFind {
    parent: Vec<usize>,
}

impl UnionFind {
    fn find(&mut self, mut k: usize) -> usize {
        while self.parent[k] != k {
            self.parent[k] = self.parent[self.parent[k]];
            k = self.parent[k];
        }
        k
    }

    fn union(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.parent[a.max(b)] = a.min(b);
    }
}

/// What runs by itself, in order.
pub(crate) fn schedule(values: &Values) -> Vec<ScheduleItem> {
    Levels::new(values).items()
}
