//! What a graph becomes before it runs: units of work in order, and a place for every value in memory.

mod contract;
mod finish;
mod indices;
pub(crate) mod memory;
mod stages;
mod values;

pub(crate) use memory::{Home, Slot};
pub(crate) use stages::{Group, is_aligned};
pub(crate) use values::{Along, Def, LaneOp, Values, View};

use rustc_hash::{FxHashMap, FxHashSet};
use thalweg_autodiff::{Error, Func, Result, Var};

use crate::isa::Isa;
use crate::kernels::Kind;
use crate::layout::MAX_RANK;
use crate::loops::{self, Loop, Memory};
use crate::pool::Team;
use crate::program::Options;
use crate::steps::{self, Indices, Input, Site, Step};
use crate::unroll::{Node, Nodes, Straight, lanes, unroll};
use indices::caller_indices;
use stages::Stages;
pub(crate) use stages::Unit;

/// One unit of work.
pub(crate) enum Work {
    Loop(Box<Loop>),
    Step(Box<dyn Step>),
}

impl Work {
    /// # Safety
    /// The slots are those of the plan, valid for the whole call, and nothing else writes to them.
    pub unsafe fn run(&self, memory: Memory, team: &Team) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe {
            match self {
                Work::Loop(l) => l.run(memory, team),
                Work::Step(s) => s.run(memory, team)?,
            }
        }
        Ok(())
    }
}

/// What happens to a carried result after a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Carry {
    /// It stands in the input's place already.
    InPlace,
    /// The two change places.
    Swap { from: Slot, to: Slot },
    /// It is copied.
    Copy { from: Slot, to: Slot, bytes: usize },
}

/// A graph, planned.
pub(crate) struct Planned {
    pub work: Vec<Work>,
    pub homes: Vec<Home>,
    /// Slot of each input; none where nothing reads it.
    pub inputs: Vec<Option<Slot>>,
    /// Slot of each result.
    pub outputs: Vec<Slot>,
    pub carries: Vec<Carry>,
    /// Indices that are looked at before a program with carried results overwrites anything.
    pub indices: Vec<Indices>,
    /// Slots whose elements lie element after element, each for so many lanes.
    pub lane_major: FxHashMap<Slot, usize>,
}

struct Planner<'v, 'f> {
    values: &'v Values<'f>,
    units: Vec<Unit>,
    homes: Vec<Home>,
    slots: FxHashMap<Var, Slot>,
    /// The unit that computes each value, and the last one that reads it.
    made: FxHashMap<Var, usize>,
    last_read: FxHashMap<Var, usize>,
}

/// What runs by itself, in order.
pub(crate) fn units(values: &Values) -> Vec<Unit> {
    Stages::new(values).units()
}

/// Plans a graph whose `carried` results, each the number of an output and of an input, are the inputs of the next run.
pub(crate) fn plan(func: &Func, carried: &[(usize, usize)], options: Options) -> Result<Planned> {
    let isa = options.isa;
    check_ranks(func)?;
    if let Some(nodes) = options.unroll.then(|| unroll(func)).flatten() {
        return Ok(plan_unrolled(func, &nodes, carried, isa));
    }
    let values = Values::new(func);
    let units = units(&values);
    let mut planner = Planner {
        values: &values,
        units,
        homes: vec![],
        slots: FxHashMap::default(),
        made: FxHashMap::default(),
        last_read: FxHashMap::default(),
    };
    planner.scan();
    let inputs = planner.inputs(carried);
    // A run that fails on its way must leave carried inputs as they were.
    let checked = caller_indices(&values);
    let in_place = if checked.is_some() { planner.in_place(carried) } else { FxHashSet::default() };
    let (outputs, copies) = planner.outputs();
    planner.temporaries();
    let mut work: Vec<Work> = copies;
    work.extend(planner.work(isa));
    let carries = planner.carries(carried, &in_place, &inputs, &outputs);
    let indices = if carried.is_empty() { vec![] } else { planner.indices(checked.unwrap_or_default()) };
    Ok(Planned {
        work,
        homes: planner.homes,
        inputs,
        outputs,
        carries,
        indices,
        lane_major: FxHashMap::default(),
    })
}

/// Whether no value has more axes than positions are kept for.
fn check_ranks(func: &Func) -> Result<()> {
    let inputs = func.inputs().iter().map(|var| func.ty(*var));
    let mut ranks = inputs.chain(func.eqns().iter().map(|eqn| &eqn.ty)).map(|ty| ty.shape.len());
    match ranks.find(|rank| *rank > MAX_RANK) {
        None => Ok(()),
        Some(rank) => Err(Error::Argument(format!(
            "A tensor has {rank} axes, and a compiled program takes at most {MAX_RANK}; join some by `reshape`, or run the graph \
             by Burn's operations (`Traced::call`)."
        ))),
    }
}

/// The plan of an unrolled graph: one unit, which reads all inputs before it writes results.
fn plan_unrolled(func: &Func, nodes: &Nodes, carried: &[(usize, usize)], isa: Isa) -> Planned {
    let mut homes: Vec<Home> = vec![];
    let mut lane_major = FxHashMap::default();
    let mut slot = |home: Home, lane: bool| {
        let slot = Slot::new(homes.len());
        homes.push(home);
        if lane {
            lane_major.insert(slot, nodes.lanes);
        }
        slot
    };
    let loaded = |k: usize| nodes.nodes.iter().any(|n| matches!(n, Node::Load { input, .. } if *input == k));
    let wanted = |k: usize| loaded(k) || carried.iter().any(|(_, input)| *input == k);
    let inputs: Vec<Option<Slot>> = (0..func.inputs().len())
        .map(|k| wanted(k).then(|| slot(Home::Input(k), nodes.lane_inputs[k])))
        .collect();
    let bytes = |k: usize| {
        let ty = func.ty(func.outputs()[k]);
        ty.num_elements() * ty.dtype.size()
    };
    // A number that is one for all lanes is read by every block of lanes, so it must not change before the last.
    let in_place = |k: usize| {
        let own = nodes.lanes == 1 || nodes.outputs[k].1;
        carried.iter().find(|(output, _)| *output == k && own).and_then(|(_, input)| inputs[*input])
    };
    let outputs: Vec<Slot> = (0..nodes.outputs.len())
        .map(|k| in_place(k).unwrap_or_else(|| slot(Home::Own { bytes: bytes(k) }, nodes.outputs[k].1)))
        .collect();
    let carry = |(output, input): &(usize, usize)| match inputs[*input] {
        Some(to) if to != outputs[*output] => Carry::Copy { from: outputs[*output], to, bytes: bytes(*output) },
        _ => Carry::InPlace,
    };
    let work = match nodes.lanes {
        1 => Work::Step(Box::new(Straight::new(nodes, &inputs, &outputs, isa))),
        _ => Work::Loop(Box::new(lanes(nodes, &inputs, &outputs, isa))),
    };
    let carries = carried.iter().map(carry).collect();
    Planned { work: vec![work], homes, inputs, outputs, carries, indices: vec![], lane_major }
}

impl Planner<'_, '_> {
    fn bytes(&self, var: Var) -> usize {
        let ty = self.values.func.ty(var);
        ty.num_elements() * ty.dtype.size()
    }

    fn members(unit: &Unit) -> &[Var] {
        match unit {
            Unit::Heavy(var) => std::slice::from_ref(var),
            Unit::Group(group) => &group.members,
        }
    }

    /// Notes where each value is made and read, and which must be in memory.
    fn scan(&mut self) {
        for (k, unit) in self.units.iter().enumerate() {
            for var in Self::members(unit) {
                self.made.insert(*var, k);
                for view in self.values.operands(*var) {
                    self.last_read.insert(view.root, k);
                }
            }
        }
    }

    fn slot(&mut self, var: Var, home: Home) -> Slot {
        let slot = Slot::new(self.homes.len());
        self.homes.push(home);
        self.slots.insert(var, slot);
        slot
    }

    /// Slots of the inputs that something reads or that are carried from run to run.
    fn inputs(&mut self, carried: &[(usize, usize)]) -> Vec<Option<Slot>> {
        let func = self.values.func;
        let returned: FxHashSet<Var> = func.outputs().iter().map(|o| self.values.view(*o).root).collect();
        let carried: FxHashSet<usize> = carried.iter().map(|(_, input)| *input).collect();
        let mut slots = vec![];
        for (k, var) in func.inputs().iter().enumerate() {
            let wanted = self.last_read.contains_key(var) || returned.contains(var) || carried.contains(&k);
            slots.push(wanted.then(|| self.slot(*var, Home::Input(k))));
        }
        slots
    }

    /// Lets carried results of loops take the place of their inputs where nothing reads those any more.
    fn in_place(&mut self, carried: &[(usize, usize)]) -> FxHashSet<(usize, usize)> {
        let func = self.values.func;
        let roots: Vec<Var> = func.outputs().iter().map(|o| self.values.view(*o).root).collect();
        let mut times: FxHashMap<Var, usize> = FxHashMap::default();
        roots.iter().for_each(|root| *times.entry(*root).or_default() += 1);
        // What the members of each loop read of each value.
        let mut reads: FxHashMap<(usize, Var), Vec<View>> = FxHashMap::default();
        for (k, unit) in self.units.iter().enumerate() {
            for view in Self::members(unit).iter().flat_map(|m| self.values.operands(*m)) {
                reads.entry((k, view.root)).or_default().push(view);
            }
        }
        let mut found = FxHashSet::default();
        for (output, input) in carried {
            let (root, input_var) = (roots[*output], func.inputs()[*input]);
            let Some(unit) = self.made.get(&root).copied() else { continue };
            let Unit::Group(group) = &self.units[unit] else { continue };
            let folds = matches!(&self.values.defs[root.index()], Def::Lanes(LaneOp::Fold(..), _));
            let mut of_input = reads.get(&(unit, input_var)).into_iter().flatten();
            let aligned = of_input.all(|view| view.is_identity() && view.layout.num_elements() == group.lanes);
            let read_later = self.last_read.get(&input_var).is_some_and(|last| *last > unit);
            let twice = times[&root] > 1 || times.contains_key(&input_var);
            // A result may be a part of what is computed.
            let fits = self.bytes(root) == self.bytes(input_var);
            if fits && !folds && aligned && !read_later && !twice && !self.slots.contains_key(&root) {
                let slot = self.slots[&input_var];
                self.slots.insert(root, slot);
                found.insert((*output, *input));
            }
        }
        found
    }

    /// Slots of the results, and the copies for those that are inputs or constants.
    fn outputs(&mut self) -> (Vec<Slot>, Vec<Work>) {
        let func = self.values.func;
        let (mut slots, mut copies) = (vec![], vec![]);
        for out in func.outputs() {
            let view = self.values.view(*out);
            let bytes = self.bytes(*out);
            if self.made.contains_key(&view.root) {
                let known = self.slots.get(&view.root).copied();
                let whole = self.bytes(view.root);
                slots.push(known.unwrap_or_else(|| self.slot(view.root, Home::Own { bytes: whole })));
                continue;
            }
            let from = self.in_memory(view.root);
            let to = Slot::new(self.homes.len());
            self.homes.push(Home::Own { bytes });
            let input = Input { slot: from, layout: view.layout, ty: func.ty(*out).clone() };
            copies.push(Work::Step(steps::copy(input, to)));
            slots.push(to);
        }
        (slots, copies)
    }

    /// The slot of an input or a constant.
    fn in_memory(&mut self, var: Var) -> Slot {
        if let Some(slot) = self.slots.get(&var) {
            return *slot;
        }
        let content = match &self.values.defs[var.index()] {
            Def::Data(data) => data.as_bytes().to_vec(),
            Def::Literal(value) => {
                let ty = self.values.func.ty(var);
                match Kind::of(ty.dtype) {
                    Some(kind) => loops::bytes_of(*value, kind)[..kind.size()].repeat(ty.num_elements()),
                    None => burn::tensor::TensorData::full(ty.shape.clone(), value.value())
                        .convert_dtype(ty.dtype)
                        .as_bytes()
                        .to_vec(),
                }
            }
            _ => vec![0; self.bytes(var)],
        };
        self.slot(var, Home::Constant { content })
    }

    /// Slots of what one unit hands to another.
    fn temporaries(&mut self) {
        for k in 0..self.units.len() {
            let members = Self::members(&self.units[k]).to_vec();
            let heavy = matches!(self.units[k], Unit::Heavy(_));
            for var in &members {
                for view in self.values.operands(*var) {
                    let constant = matches!(self.values.defs[view.root.index()], Def::Data(_))
                        || heavy && matches!(self.values.defs[view.root.index()], Def::Literal(_));
                    if constant {
                        self.in_memory(view.root);
                    }
                }
                if self.slots.contains_key(var) || !(heavy || self.leaves(*var, k)) {
                    continue;
                }
                let to = self.last_read.get(var).copied().unwrap_or(k);
                let bytes = self.bytes(*var);
                self.slot(*var, Home::Arena { bytes, from: k, to });
            }
        }
    }

    /// Whether a value of loop `unit` must be in memory: it combines lanes, or something else reads it.
    fn leaves(&self, var: Var, unit: usize) -> bool {
        if matches!(self.values.defs[var.index()], Def::Lanes(LaneOp::Fold(..), _)) {
            return true;
        }
        self.last_read.get(&var).is_some_and(|last| *last > unit)
    }

    fn work(&self, isa: Isa) -> Vec<Work> {
        let lowering = loops::Plan { values: self.values, slots: &self.slots, isa };
        let func = self.values.func;
        let unit = |unit: &Unit| match unit {
            Unit::Group(group) => {
                (group.lanes > 0).then(|| Work::Loop(Box::new(loops::lower(&lowering, group))))
            }
            Unit::Heavy(var) => {
                let (of, finish) = match &self.values.defs[var.index()] {
                    Def::Finished(finished) => {
                        let View { root, layout } = &finished.other;
                        (finished.product, Some((finished.finish, self.slots[root], layout.clone())))
                    }
                    _ => (*var, None),
                };
                let eqn = &func.eqns()[of.index()];
                let input = |arg: &Var| {
                    let view = self.values.view(*arg);
                    Input { slot: self.slots[&view.root], layout: view.layout, ty: func.ty(*arg).clone() }
                };
                let inputs = eqn.args.iter().map(input).collect();
                let kind = self.values.kind(*var);
                Some(Work::Step(steps::step(Site { eqn, inputs, finish, output: self.slots[var], kind, isa })))
            }
        };
        self.units.iter().filter_map(unit).collect()
    }

    fn carries(
        &self,
        carried: &[(usize, usize)],
        in_place: &FxHashSet<(usize, usize)>,
        inputs: &[Option<Slot>],
        outputs: &[Slot],
    ) -> Vec<Carry> {
        let mut slots: FxHashMap<Slot, usize> = FxHashMap::default();
        outputs.iter().for_each(|o| *slots.entry(*o).or_default() += 1);
        let mut times: FxHashMap<usize, usize> = FxHashMap::default();
        carried.iter().for_each(|(output, _)| *times.entry(*output).or_default() += 1);
        let carry = |pair: &(usize, usize)| {
            let (from, Some(to)) = (outputs[pair.0], inputs[pair.1]) else { return Carry::InPlace };
            let bytes = self.bytes(self.values.func.inputs()[pair.1]);
            let alone = slots[&from] == 1 && times[&pair.0] == 1;
            let exact = matches!(self.homes[from.index()], Home::Own { bytes: own } if own == bytes);
            match in_place.contains(pair) {
                true => Carry::InPlace,
                false if alone && exact => Carry::Swap { from, to },
                false => Carry::Copy { from, to, bytes },
            }
        };
        carried.iter().map(carry).collect()
    }
}
