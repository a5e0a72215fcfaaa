//! When each value is computed, and which values share a loop.
//!
//! Values are put into stages: a value that reads another lane by lane may share its stage, one that reads it in another
//! order, or combined, comes later. Within a stage, values with one number of lanes share a loop. Results are computed
//! as soon as they can be, unless a later loop reads them lane by lane and they may join it; what leads to them, as late
//! as it can be, so that less has to be remembered.

use rustc_hash::{FxHashMap, FxHashSet};
use thalweg_autodiff::Var;

use super::value::{Def, LaneOp, Values, View, is_aligned, is_fold};
use crate::kernels::Along;
use crate::layout::refine;

/// Operands of so few elements are not worth telling loops apart.
const FEW: usize = 64;
/// Up to so many lanes, values share a loop even if they have nothing to do with each other: starting one costs more.
const FEW_LANES: usize = 4096;
/// Values in one loop; more would not fit into the fastest cache.
const MOST: usize = 96;

/// Something that runs by itself.
pub(crate) enum Unit {
    /// A value with a step of its own.
    Heavy(Var),
    /// Values of one loop, in order.
    Group(Group),
}

/// Values that share a loop.
pub(crate) struct Group {
    pub members: Vec<Var>,
    /// Number of lanes.
    pub lanes: usize,
    /// The shape of the lanes, fine enough for every member's own.
    pub shape: Vec<usize>,
    /// What the reductions among the members combine; a loop has one kind.
    pub along: Option<Along>,
    stage: usize,
    /// The family of its values; see [`Stages::families`].
    family: usize,
}

pub(crate) struct Stages<'v, 'f> {
    values: &'v Values<'f>,
    stage: Vec<usize>,
    /// The groups of each stage, by number, which may take in more values.
    open: Vec<Vec<usize>>,
}

/// Number of lanes and their shape for a value that a loop computes.
fn lanes_of(values: &Values, var: Var) -> (usize, Vec<usize>) {
    match &values.defs[var.index()] {
        Def::Lanes(_, views) => (views[0].layout.num_elements(), views[0].layout.shape.clone()),
        _ => (values.num_elements(var), values.func.ty(var).shape.clone()),
    }
}

impl<'v, 'f> Stages<'v, 'f> {
    pub fn new(values: &'v Values<'f>) -> Self {
        let mut stages = Stages { values, stage: vec![0; values.defs.len()], open: vec![] };
        stages.as_soon_as_possible();
        stages.as_late_as_useful();
        // A product that is rounded with a sum is computed where the sum is.
        for (sum, product) in &values.contracted {
            stages.stage[product.index()] = stages.stage[sum.index()];
        }
        stages
    }

    fn vars(&self) -> impl DoubleEndedIterator<Item = Var> + use<'f> {
        let live = self.values.live.clone();
        (0..live.len()).filter(move |i| live[*i]).map(Var::new)
    }

    fn as_soon_as_possible(&mut self) {
        for var in self.vars() {
            let lanes = matches!(self.values.defs[var.index()], Def::Lanes(..));
            let n = lanes_of(self.values, var).0;
            let after = |view: &View| {
                let stage = self.stage[view.root.index()];
                let computed_in_loop = matches!(self.values.defs[view.root.index()], Def::Lanes(..));
                let shares = lanes && is_aligned(self.values, view, n);
                stage + usize::from(computed_in_loop && !shares)
            };
            self.stage[var.index()] = self.values.operands(var).iter().map(after).max().unwrap_or(0);
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
            let in_loop = matches!(self.values.defs[var.index()], Def::Lanes(..));
            let waits = !returned.contains(&var) || read_by_lane.contains(&var);
            if in_loop && !is_fold(self.values, var) && lanes > 1 && waits {
                let own = &mut self.stage[var.index()];
                *own = latest.get(&var).copied().unwrap_or(*own).max(*own);
            }
            let stage = self.stage[var.index()];
            for view in self.values.operands(var) {
                let shares = in_loop && is_aligned(self.values, &view, lanes);
                let limit = if shares { stage } else { stage.saturating_sub(1) };
                if shares {
                    read_by_lane.insert(view.root);
                }
                let own = latest.entry(view.root).or_insert(limit);
                *own = limit.min(*own);
            }
        }
    }

    /// Everything that has to run, in order.
    pub fn units(&mut self) -> Vec<Unit> {
        let last = self.stage.iter().max().map_or(0, |s| s + 1);
        let mut groups: Vec<Group> = vec![];
        let mut group_of: FxHashMap<Var, usize> = FxHashMap::default();
        let mut heavy: Vec<Vec<Var>> = vec![vec![]; last];
        let mut families = self.families();
        let with_sum: FxHashSet<Var> = self.values.contracted.values().copied().collect();
        self.open = vec![vec![]; last];
        for var in self.vars() {
            match &self.values.defs[var.index()] {
                Def::Heavy | Def::Finished(_) => heavy[self.stage[var.index()]].push(var),
                Def::Lanes(op, _) if !with_sum.contains(&var) => {
                    let product = self.values.contracted.get(&var).copied();
                    let k = self.group_for(var, product, op, &mut groups, &group_of, &mut families);
                    groups[k].members.extend(product);
                    groups[k].members.push(var);
                    group_of.insert(var, k);
                }
                _ => {}
            }
        }
        let mut units = vec![];
        let mut by_stage: Vec<Vec<Group>> = (0..last).map(|_| vec![]).collect();
        groups.into_iter().for_each(|g| by_stage[g.stage].push(g));
        for (groups, heavy) in by_stage.into_iter().zip(heavy) {
            units.extend(heavy.into_iter().map(Unit::Heavy));
            units.extend(groups.into_iter().map(Unit::Group));
        }
        units
    }

    /// The group that computes `var`, and with it a product: one of its stage that comes no earlier than its operands',
    /// else a new one.
    fn group_for(
        &mut self,
        var: Var,
        product: Option<Var>,
        op: &LaneOp,
        groups: &mut Vec<Group>,
        group_of: &FxHashMap<Var, usize>,
        family: &mut Families,
    ) -> usize {
        let (lanes, mut shape) = lanes_of(self.values, var);
        if let Some(of_product) = product.map(|p| lanes_of(self.values, p).1) {
            shape = refine(&shape, &of_product).unwrap_or(shape);
        }
        let stage = self.stage[var.index()];
        let along = match op {
            LaneOp::Fold(_, along) => Some(*along),
            _ => None,
        };
        let before = |view: &View| {
            let group = group_of.get(&view.root).copied()?;
            (groups[group].stage == stage).then_some(group)
        };
        let operands = [Some(var), product].into_iter().flatten().flat_map(|v| self.values.operands(v));
        let first = operands.filter_map(|view| before(&view)).max();
        let own = family.find(var.index());
        // Full groups take no part in the search: with them it would grow with the square of a stage's values.
        self.open[stage].retain(|k| groups[*k].members.len() < MOST);
        for k in self.open[stage].iter().copied().filter(|k| *k >= first.unwrap_or(0)) {
            let group = &mut groups[k];
            let fits = group.lanes == lanes && (first == Some(k) || lanes <= FEW_LANES || group.family == own);
            let Some(common) = fits.then(|| refine(&group.shape, &shape)).flatten() else { continue };
            let along = match (group.along, along) {
                (None, one) | (one, None) => one,
                (Some(a), Some(b)) if a == b => Some(a),
                _ => continue,
            };
            (group.shape, group.along) = (common, along);
            return k;
        }
        self.open[stage].push(groups.len());
        groups.push(Group { members: vec![], lanes, shape, along, stage, family: own });
        groups.len() - 1
    }

    /// Puts values of one stage into one family where one reads the other lane by lane, or both read the same memory.
    fn families(&self) -> Families {
        let mut families = Families { parent: (0..self.values.defs.len()).collect() };
        let mut readers: FxHashMap<(usize, usize, Var), usize> = FxHashMap::default();
        for var in self.vars() {
            let Def::Lanes(_, views) = &self.values.defs[var.index()] else { continue };
            let (stage, lanes) = (self.stage[var.index()], lanes_of(self.values, var).0);
            for view in views {
                if is_aligned(self.values, view, lanes) && self.stage[view.root.index()] == stage {
                    families.join(var.index(), view.root.index());
                } else if self.values.num_elements(view.root) > FEW {
                    let first = *readers.entry((stage, lanes, view.root)).or_insert(var.index());
                    families.join(var.index(), first);
                }
            }
        }
        families
    }
}

/// Values that belong together, as a forest.
struct Families {
    parent: Vec<usize>,
}

impl Families {
    fn find(&mut self, mut k: usize) -> usize {
        while self.parent[k] != k {
            self.parent[k] = self.parent[self.parent[k]];
            k = self.parent[k];
        }
        k
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.parent[a.max(b)] = a.min(b);
    }
}

/// What runs by itself, in order.
pub(crate) fn units(values: &Values) -> Vec<Unit> {
    Stages::new(values).units()
}
