//! When each value is computed, and which values share a loop.
//!
//! Values are put into stages: a value that reads another lane by lane may share its stage, one that reads it in another
//! order, or combined, comes later. Within a stage, values with one number of lanes share a loop. Results are computed
//! as soon as they can be, unless a later loop reads them lane by lane and they may join it; what leads to them, as late
//! as it can be, so that less has to be remembered.

use rustc_hash::{FxHashMap, FxHashSet};
use thalweg_autodiff::Var;

use super::values::{Along, Def, LaneOp, Values, View};
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
}

/// Number of lanes and their shape for a value that a loop computes.
fn lanes_of(values: &Values, var: Var) -> (usize, Vec<usize>) {
    match &values.defs[var.index()] {
        Def::Lanes(_, views) => (views[0].layout.num_elements(), views[0].layout.shape.clone()),
        _ => (values.num_elements(var), values.func.ty(var).shape.clone()),
    }
}

fn is_fold(values: &Values, var: Var) -> bool {
    matches!(values.defs[var.index()], Def::Lanes(LaneOp::Fold(..), _))
}

/// Whether a loop that reads the view may compute its root for the same lanes.
pub(crate) fn is_aligned(values: &Values, view: &View, lanes: usize) -> bool {
    matches!(values.defs[view.root.index()], Def::Lanes(..))
        && !is_fold(values, view.root)
        && view.is_identity()
        && values.num_elements(view.root) == lanes
}

impl<'v, 'f> Stages<'v, 'f> {
    pub fn new(values: &'v Values<'f>) -> Self {
        let mut stages = Stages { values, stage: vec![0; values.defs.len()] };
        stages.as_soon_as_possible();
        stages.as_late_as_useful();
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
        let returned: Vec<Var> = self.values.func.outputs().iter().map(|o| self.values.view(*o).root).collect();
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
    pub fn units(&self) -> Vec<Unit> {
        let mut groups: Vec<Group> = vec![];
        let mut group_of: FxHashMap<Var, usize> = FxHashMap::default();
        let mut heavy: Vec<(usize, Var)> = vec![];
        let mut families = self.families();
        for var in self.vars() {
            match &self.values.defs[var.index()] {
                Def::Heavy | Def::Finished(_) => heavy.push((self.stage[var.index()], var)),
                Def::Lanes(op, views) => {
                    let k = self.group_for(var, op, views, &mut groups, &group_of, &mut families);
                    group_of.insert(var, k);
                }
                _ => {}
            }
        }
        let mut units = vec![];
        let last = self.stage.iter().max().map_or(0, |s| s + 1);
        let mut by_stage: Vec<Vec<Group>> = (0..last).map(|_| vec![]).collect();
        groups.into_iter().for_each(|g| by_stage[g.stage].push(g));
        for (stage, groups) in by_stage.into_iter().enumerate() {
            units.extend(heavy.iter().filter(|(s, _)| *s == stage).map(|(_, v)| Unit::Heavy(*v)));
            units.extend(groups.into_iter().map(Unit::Group));
        }
        units
    }

    /// The group that computes `var`: one of its stage that comes no earlier than its operands', else a new one.
    fn group_for(
        &self,
        var: Var,
        op: &LaneOp,
        views: &[View],
        groups: &mut Vec<Group>,
        group_of: &FxHashMap<Var, usize>,
        family: &mut Families,
    ) -> usize {
        let (lanes, shape) = lanes_of(self.values, var);
        let stage = self.stage[var.index()];
        let along = match op {
            LaneOp::Fold(_, along) => Some(*along),
            _ => None,
        };
        let before = |view: &View| {
            let group = group_of.get(&view.root).copied()?;
            (groups[group].stage == stage).then_some(group)
        };
        let first = views.iter().filter_map(before).max();
        let own = family.find(var.index());
        for (k, group) in groups.iter_mut().enumerate().skip(first.unwrap_or(0)) {
            let fits = group.stage == stage
                && group.lanes == lanes
                && group.members.len() < MOST
                && (first == Some(k) || lanes <= FEW_LANES || group.family == own);
            let Some(common) = refine(&group.shape, &shape).filter(|_| fits) else { continue };
            let along = match (group.along, along) {
                (None, one) | (one, None) => one,
                (Some(a), Some(b)) if a == b => Some(a),
                _ => continue,
            };
            (group.shape, group.along) = (common, along);
            group.members.push(var);
            return k;
        }
        groups.push(Group { members: vec![var], lanes, shape, along, stage, family: own });
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
