//! From a group of values to the loop that computes them.

use rustc_hash::{FxHashMap, FxHashSet};
use thalweg_autodiff::Var;

use super::adam::AdamUpdate;
use super::fusion::{Fuser, Fusion};
use super::stride_pattern::StridePattern;
use super::tiling::tile;
use crate::buffer::BufferId;
use crate::graph::{Def, ElementOp, FusionGroup, Values, View, is_aligned};
use crate::isa::Isa;
use crate::kernels;
use crate::kernels::{Combine, Kernel, Kind, ReduceAxes, ReduceKernels, Vector, bytes_of};
use crate::layout::Layout;
use crate::loops::{Access, AccessMode, Instruction, Loop, Operand, Partition, Reduce, Store, Tiling};

/// Bytes that the tiles of one loop may take together, for the fastest cache.
const CACHE: usize = 32 * 1024;
/// Lanes of a tile of whole updates, which read each array once, so that none has to stay in the fastest cache. More would
/// leave a small tensor to one thread.
const UPDATE_LANES: usize = 1024;
/// What a task should cost at least, in kernel calls' lanes; less is not worth another thread.
const TASK: usize = 16 * 1024;
const MAX_TASKS: usize = 64;

/// What lowering needs to know.
pub(crate) struct LoweringContext<'a, 'f> {
    pub values: &'a Values<'f>,
    /// Where each value in memory lies.
    pub buffers: &'a FxHashMap<Var, BufferId>,
    pub isa: Isa,
}

/// The loop of a group.
pub(crate) fn lower_group(context: &LoweringContext, group: &FusionGroup) -> Loop {
    let mut lowering = Lowering::new(context, group);
    group.members.iter().for_each(|m| lowering.member(*m));
    lowering.finish()
}

/// An instruction whose operands have no places yet.
struct UnplacedInstruction {
    kernel: Kernel,
    name: String,
    to: Operand,
    from: Vec<Operand>,
    /// The operands of a kernel that takes a list of them.
    list: Vec<Operand>,
    uniform: bool,
}

struct Lowering<'p, 'a, 'f> {
    context: &'p LoweringContext<'a, 'f>,
    group: &'p FusionGroup,
    operations: usize,
    tiling: Tiling,
    partition: Partition,
    loads: Vec<Access>,
    registers: Vec<usize>,
    /// Registers that no later instruction reads, by their size.
    free: Vec<usize>,
    numbers: Vec<[u8; 8]>,
    instructions: Vec<UnplacedInstruction>,
    stores: Vec<Store>,
    reduces: Vec<Reduce>,
    computed: FxHashMap<Var, (Operand, bool)>,
    /// How often members of this group still read a member.
    uses: FxHashMap<Var, usize>,
    members: FxHashSet<Var>,
    /// What members of this group read of each buffer.
    readers: FxHashMap<BufferId, Vec<View>>,
    fusion: Fusion,
}

impl<'p, 'a, 'f> Lowering<'p, 'a, 'f> {
    fn new(context: &'p LoweringContext<'a, 'f>, group: &'p FusionGroup) -> Self {
        let mut uses: FxHashMap<Var, usize> = FxHashMap::default();
        let mut layouts: Vec<Layout> = vec![];
        let members: FxHashSet<Var> = group.members.iter().copied().collect();
        let mut readers: FxHashMap<BufferId, Vec<View>> = FxHashMap::default();
        for member in &group.members {
            for view in context.values.operands(*member) {
                *uses.entry(view.root).or_default() += 1;
                if let Some(buffer) = context.buffers.get(&view.root) {
                    readers.entry(*buffer).or_default().push(view.clone());
                }
                if !members.contains(&view.root)
                    && !matches!(context.values.defs[view.root.index()], Def::Literal(_))
                {
                    layouts.extend(view.layout.reshape(&group.shape));
                }
            }
        }
        let wide = |l: &&Layout| StridePattern::of(l) != StridePattern::Uniform;
        let stored = group.members.iter().filter(|m| context.buffers.contains_key(m)).count();
        let arrays = layouts.iter().filter(wide).count().min(12) + stored.min(6) + group.members.len().min(3);
        let width =
            group.members.iter().map(|m| context.values.kind(*m).map_or(8, Kind::size)).max().unwrap_or(8);
        let layouts: Vec<&Layout> = layouts.iter().collect();
        let (tiles, partition) = tile(group, &layouts, CACHE / (arrays * width));
        let mut lowering = Lowering {
            context,
            group,
            operations: group.members.len(),
            tiling: tiles,
            partition,
            loads: vec![],
            registers: vec![],
            free: vec![],
            numbers: vec![],
            instructions: vec![],
            stores: vec![],
            reduces: vec![],
            computed: FxHashMap::default(),
            uses,
            members,
            readers,
            fusion: Fusion::none(),
        };
        let is_uniform = |view: &View| {
            matches!(context.values.defs[view.root.index()], Def::Literal(_))
                || matches!(
                    lowering.access_mode(&lowering.layout_of(view)),
                    AccessMode::Uniform | AccessMode::PerRow(_)
                )
        };
        let (fusion, once) = {
            let fuser = Fuser::new(context, group, &lowering.uses, &is_uniform);
            (fuser.run(), fuser.members.values().filter(|uniform| **uniform).count())
        };
        lowering.fusion = fusion;
        lowering.operations -= if group.lanes == 1 { 0 } else { once };
        if lowering.fusion.is_all_updates(group) {
            (lowering.tiling, lowering.partition) = tile(group, &layouts, UPDATE_LANES);
        }
        lowering
    }

    /// The elements of a view in the order of the lanes.
    fn layout_of(&self, view: &View) -> Layout {
        view.layout.reshape(&self.group.shape).unwrap_or_else(|| view.layout.clone())
    }

    fn op(&self, var: Var) -> Option<(&'p ElementOp, &'p [View])> {
        match &self.context.values.defs[var.index()] {
            Def::Elementwise(op, views) => Some((op, views)),
            _ => None,
        }
    }

    fn is_member(&self, view: &View) -> bool {
        is_aligned(self.context.values, view, self.group.lanes) && self.members.contains(&view.root)
    }

    /// The operand for a view, and whether it is one value for all lanes.
    fn operand(&mut self, view: &View) -> (Operand, bool) {
        if self.is_member(view) {
            return self.computed[&view.root];
        }
        if let Def::Literal(value) = &self.context.values.defs[view.root.index()] {
            let bytes = bytes_of(*value, self.context.values.kind(view.root).unwrap_or(Kind::F64));
            let k = self.numbers.iter().position(|n| *n == bytes).unwrap_or_else(|| {
                self.numbers.push(bytes);
                self.numbers.len() - 1
            });
            return (Operand::Number(k), true);
        }
        let layout = self.layout_of(view);
        let place = self.access_mode(&layout);
        let uniform = matches!(place, AccessMode::Uniform | AccessMode::PerRow(_));
        let access = Access {
            buffer: self.context.buffers[&view.root],
            kind: self.context.values.kind(view.root).unwrap_or(Kind::F64),
            mode: place,
            layout: layout.collapsed(),
        };
        let k = self.loads.iter().position(|l| *l == access).unwrap_or_else(|| {
            self.loads.push(access);
            self.loads.len() - 1
        });
        (Operand::Load(k), uniform)
    }

    fn access_mode(&self, layout: &Layout) -> AccessMode {
        let Tiling { rows, row, tile } = self.tiling;
        match StridePattern::of(layout) {
            StridePattern::Direct => AccessMode::Direct,
            StridePattern::Uniform => AccessMode::Uniform,
            StridePattern::Periodic(period) if rows == 1 && tile.is_multiple_of(period) => {
                AccessMode::CopiedOnce(period)
            }
            StridePattern::Periodic(period) => AccessMode::Periodic(period),
            StridePattern::PerRun(run) if rows > 1 && run.is_multiple_of(row) => AccessMode::PerRow(run),
            StridePattern::PerRun(_) | StridePattern::Scattered => AccessMode::Copied,
        }
    }

    fn register(&mut self, size: usize) -> usize {
        match self.free.iter().position(|r| self.registers[*r] == size) {
            Some(at) => self.free.swap_remove(at),
            None => {
                self.registers.push(size);
                self.registers.len() - 1
            }
        }
    }

    /// Counts a use; gives the register back after the last one.
    fn release(&mut self, view: &View) {
        let Some(left) = self.uses.get_mut(&view.root) else { return };
        *left -= 1;
        if *left > 0 || !self.is_member(view) {
            return;
        }
        let keeps = self.context.buffers.contains_key(&view.root);
        if let (false, Some((Operand::Register(r), _))) = (keeps, self.computed.get(&view.root)) {
            self.free.push(*r);
        }
    }

    fn emit(&mut self, kernel: Kernel, name: String, from: Vec<Operand>, uniform: bool, to: Operand) {
        self.instructions.push(UnplacedInstruction { kernel, name, to, from, list: vec![], uniform });
    }

    fn member(&mut self, var: Var) {
        if self.fusion.fused_away.contains(&var) {
            return;
        }
        if let Some(update) = self.fusion.optimizer_updates.remove(&var) {
            return self.update(update);
        }
        let (op, views) = self.op(var).expect("groups hold what loops compute");
        let kind = self.context.values.kind(var).expect("loops compute element types that have kernels");
        if let ElementOp::Reduce(op, axes) = op {
            return match self.fusion.finite_checks.remove(&var) {
                Some(of) => self.reduce(var, Combine::CheckFinite, *axes, &of, kind),
                None => self.reduce(var, Combine::of(*op), *axes, &views[0], kind),
            };
        }
        let isa = self.context.isa;
        let buffer = self.context.buffers.get(&var).copied();
        let fused = self.fusion.fused.remove(&var);
        let reads: Vec<View> = fused.as_ref().map_or_else(|| views.to_vec(), |f| f.reads.clone());
        let operands: Vec<(Operand, bool)> = reads.iter().map(|v| self.operand(v)).collect();
        let uniform = operands.iter().all(|(_, uniform)| *uniform);
        let repeated: Vec<bool> = operands.iter().map(|(_, u)| *u && !uniform).collect();
        let of = self.context.values.kind(views[views.len() - 1].root).unwrap_or(kind);
        let name = match &fused {
            Some(fused) => fused.name.to_string(),
            None => self.context.values.func.eqns()[var.index()].prim.name(),
        };
        let over = fused.as_ref().and_then(|f| f.in_place).filter(|_| buffer.is_some());
        let kernel = match (fused, op) {
            (Some(fused), _) => Some(fused.kernel),
            (None, ElementOp::Elementwise(op)) => kernels::elementwise::<Vector>(*op, of, &repeated, isa),
            (None, _) => Some(kernels::cast::<Vector>(of, kind, isa)),
        };
        let kernel = kernel.expect("values without a kernel are not computed in loops");
        let from: Vec<Operand> = operands.iter().map(|(o, _)| *o).collect();
        // A register that an operand leaves must not be taken for the result: kernels never overlap.
        let free = buffer.is_some_and(|buffer| !uniform && !self.reads_buffer(buffer));
        let over = over.filter(|(k, _)| buffer.is_some_and(|buffer| self.is_last_read(buffer, &reads[*k])));
        let kernel = over.map_or(kernel, |(_, kernel)| kernel);
        let in_place = free || over.is_some();
        let to = match in_place {
            true => Operand::Store(self.stores.len()),
            false => Operand::Register(self.register(if uniform { 8 } else { kind.size() })),
        };
        self.emit(kernel, name, from, uniform, to);
        if let Some(buffer) = buffer {
            let copied_from = (!in_place).then(|| self.splat(to, uniform, kind));
            self.stores.push(Store { buffer, kind, offset: 0, one: false, copied_from });
        }
        self.computed.insert(var, (to, uniform));
        reads.iter().for_each(|v| self.release(v));
    }

    /// An instruction of several results, each of which is written in place.
    fn update(&mut self, update: AdamUpdate) {
        let mut list = vec![];
        for var in &update.results {
            let kind = self.context.values.kind(*var).expect("kernels have element types");
            list.push(Operand::Store(self.stores.len()));
            let buffer = self.context.buffers[var];
            self.stores.push(Store { buffer, kind, offset: 0, one: false, copied_from: None });
        }
        let to = list[0];
        // What the kernel does not look at only has to be a valid place.
        list.extend(update.reads.iter().map(|v| v.as_ref().map_or(to, |v| self.operand(v).0)));
        let name = update.name.to_string();
        self.instructions.push(UnplacedInstruction {
            kernel: update.kernel,
            name,
            to,
            from: vec![],
            list,
            uniform: false,
        });
        update.reads.iter().flatten().for_each(|v| self.release(v));
    }

    /// Whether the view is what the result takes the place of, lane by lane, and nothing in the group reads it again.
    fn is_last_read(&self, buffer: BufferId, view: &View) -> bool {
        let root = view.root;
        let taken = |v: &View| self.context.buffers.get(&v.root) == Some(&buffer) && !self.is_member(v);
        let mut all = self.readers.get(&buffer).into_iter().flatten();
        taken(view) && all.all(|v| !taken(v) || v.root == root) && self.uses.get(&root) == Some(&1)
    }

    /// Whether the group reads memory that the result at `buffer` takes the place of.
    fn reads_buffer(&self, buffer: BufferId) -> bool {
        self.readers.get(&buffer).into_iter().flatten().any(|v| !self.is_member(v))
    }

    /// The value on every lane, where `uniform` says that it is computed once.
    fn splat(&mut self, from: Operand, uniform: bool, kind: Kind) -> Operand {
        if !uniform {
            return from;
        }
        let to = Operand::Register(self.register(kind.size()));
        self.emit(kernels::splat(kind, self.context.isa), "broadcast".into(), vec![from], false, to);
        to
    }

    fn reduce(&mut self, var: Var, combine: Combine, axes: ReduceAxes, view: &View, kind: Kind) {
        let (from, uniform) = self.operand(view);
        let from = self.splat(from, uniform, kind);
        let buffer = self.context.buffers[&var];
        // Folds run after all instructions, so what they read is never given back.
        let combiner = ReduceKernels::new(combine, kind, self.context.isa);
        self.reduces.push(Reduce { kernels: combiner, axes, from, buffer });
    }

    fn finish(self) -> Loop {
        let work = self.group.lanes * (self.instructions.len() + self.loads.len() + self.reduces.len()).max(1);
        let tasks = (work / TASK).clamp(1, MAX_TASKS).min(self.partition.units(self.tiling));
        let mut compiled = Loop {
            lanes: self.group.lanes,
            operations: self.operations,
            tiling: self.tiling,
            partition: self.partition,
            tasks,
            loads: self.loads,
            registers: self.registers,
            numbers: self.numbers,
            instructions: vec![],
            stores: self.stores,
            reduces: self.reduces,
        };
        let place = |draft: UnplacedInstruction| {
            let to = compiled.index(draft.to);
            // Operands that a kernel does not have are the result's place, which is always valid.
            let from = |k: usize| draft.from.get(k).map_or(to, |o| compiled.index(*o));
            let from = [0, 1, 2, 3, 4].map(from);
            let list = draft.list.iter().map(|o| compiled.index(*o)).collect();
            Instruction { kernel: draft.kernel, name: draft.name, to, from, list, uniform: draft.uniform }
        };
        compiled.instructions = self.instructions.into_iter().map(place).collect();
        compiled
    }
}
