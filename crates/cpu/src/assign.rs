//! Buffers: which values are in memory, which results take the place of an input, and what is carried from run to run.

use rustc_hash::{FxHashMap, FxHashSet};
use thalweg_autodiff::Var;

use crate::buffer::{BufferId, Storage};
use crate::command::Carry;
use crate::graph::{CallerIndices, Def, ElementOp, ScheduleItem, Values, View, caller_indices};
use crate::indices::Indices;
use crate::kernels::{Kind, bytes_of};
use crate::op::Operand;

/// Where every value in memory lies.
pub(crate) struct Assignment {
    pub storage: Vec<Storage>,
    /// Buffer of each value in memory.
    pub buffers: FxHashMap<Var, BufferId>,
    /// Buffer of each input; none where nothing reads it.
    pub inputs: Vec<Option<BufferId>>,
    /// Buffer of each result.
    pub outputs: Vec<BufferId>,
    /// Inputs and constants that are results, and where a copy of each goes.
    pub copies: Vec<(Operand, BufferId)>,
    pub carries: Vec<Carry>,
    pub indices: Vec<Indices>,
}

/// Assigns buffers to the values of a schedule.
pub(crate) fn assign(values: &Values, items: &[ScheduleItem], carried: &[(usize, usize)]) -> Assignment {
    let mut assigner = Assigner {
        values,
        schedule: items,
        storage: vec![],
        buffers: FxHashMap::default(),
        defined_by: FxHashMap::default(),
        last_read: FxHashMap::default(),
    };
    assigner.scan();
    let inputs = assigner.inputs(carried);
    // A run that fails on its way must leave carried inputs as they were.
    let checked = caller_indices(values);
    let in_place = if checked.is_some() { assigner.in_place(carried) } else { FxHashSet::default() };
    let (outputs, copies) = assigner.outputs();
    assigner.temporaries();
    let carries = assigner.carries(carried, &in_place, &inputs, &outputs);
    let indices = if carried.is_empty() { vec![] } else { assigner.indices(checked.unwrap_or_default()) };
    Assignment {
        storage: assigner.storage,
        buffers: assigner.buffers,
        inputs,
        outputs,
        copies,
        carries,
        indices,
    }
}

struct Assigner<'v, 'f> {
    values: &'v Values<'f>,
    schedule: &'v [ScheduleItem],
    storage: Vec<Storage>,
    buffers: FxHashMap<Var, BufferId>,
    /// The item that computes each value, and the last one that reads it.
    defined_by: FxHashMap<Var, usize>,
    last_read: FxHashMap<Var, usize>,
}

impl Assigner<'_, '_> {
    fn bytes(&self, var: Var) -> usize {
        let ty = self.values.func.ty(var);
        ty.num_elements() * ty.dtype.size()
    }

    fn members(item: &ScheduleItem) -> &[Var] {
        match item {
            ScheduleItem::Opaque(var) => std::slice::from_ref(var),
            ScheduleItem::Group(group) => &group.members,
        }
    }

    /// Notes where each value is made and read, and which must be in memory.
    fn scan(&mut self) {
        for (k, item) in self.schedule.iter().enumerate() {
            for var in Self::members(item) {
                self.defined_by.insert(*var, k);
                for view in self.values.operands(*var) {
                    self.last_read.insert(view.root, k);
                }
            }
        }
    }

    fn buffer(&mut self, var: Var, storage: Storage) -> BufferId {
        let buffer = BufferId::new(self.storage.len());
        self.storage.push(storage);
        self.buffers.insert(var, buffer);
        buffer
    }

    /// Buffers of the inputs that something reads or that are carried from run to run.
    fn inputs(&mut self, carried: &[(usize, usize)]) -> Vec<Option<BufferId>> {
        let func = self.values.func;
        let returned: FxHashSet<Var> = func.outputs().iter().map(|o| self.values.view(*o).root).collect();
        let carried: FxHashSet<usize> = carried.iter().map(|(_, input)| *input).collect();
        let mut buffers = vec![];
        for (k, var) in func.inputs().iter().enumerate() {
            let wanted = self.last_read.contains_key(var) || returned.contains(var) || carried.contains(&k);
            buffers.push(wanted.then(|| self.buffer(*var, Storage::Input(k))));
        }
        buffers
    }

    /// Lets carried results of loops take the place of their inputs where nothing reads those any more.
    fn in_place(&mut self, carried: &[(usize, usize)]) -> FxHashSet<(usize, usize)> {
        let func = self.values.func;
        let roots: Vec<Var> = func.outputs().iter().map(|o| self.values.view(*o).root).collect();
        let mut times: FxHashMap<Var, usize> = FxHashMap::default();
        roots.iter().for_each(|root| *times.entry(*root).or_default() += 1);
        // What the members of each loop read of each value.
        let mut reads: FxHashMap<(usize, Var), Vec<View>> = FxHashMap::default();
        for (k, item) in self.schedule.iter().enumerate() {
            for view in Self::members(item).iter().flat_map(|m| self.values.operands(*m)) {
                reads.entry((k, view.root)).or_default().push(view);
            }
        }
        let mut found = FxHashSet::default();
        for (output, input) in carried {
            let (root, input_var) = (roots[*output], func.inputs()[*input]);
            let Some(item) = self.defined_by.get(&root).copied() else { continue };
            let ScheduleItem::Group(group) = &self.schedule[item] else { continue };
            let reduces = matches!(&self.values.defs[root.index()], Def::Elementwise(ElementOp::Reduce(..), _));
            let mut of_input = reads.get(&(item, input_var)).into_iter().flatten();
            let aligned = of_input.all(|view| view.is_identity() && view.layout.num_elements() == group.lanes);
            let read_later = self.last_read.get(&input_var).is_some_and(|last| *last > item);
            let twice = times[&root] > 1 || times.contains_key(&input_var);
            // A result may be a part of what is computed.
            let fits = self.bytes(root) == self.bytes(input_var);
            if fits && !reduces && aligned && !read_later && !twice && !self.buffers.contains_key(&root) {
                let buffer = self.buffers[&input_var];
                self.buffers.insert(root, buffer);
                found.insert((*output, *input));
            }
        }
        found
    }

    /// Buffers of the results, and the copies for those that are inputs or constants.
    fn outputs(&mut self) -> (Vec<BufferId>, Vec<(Operand, BufferId)>) {
        let func = self.values.func;
        let (mut buffers, mut copies) = (vec![], vec![]);
        for out in func.outputs() {
            let view = self.values.view(*out);
            let bytes = self.bytes(*out);
            if self.defined_by.contains_key(&view.root) {
                let known = self.buffers.get(&view.root).copied();
                let whole = self.bytes(view.root);
                buffers.push(known.unwrap_or_else(|| self.buffer(view.root, Storage::Own { bytes: whole })));
                continue;
            }
            let from = self.in_memory(view.root);
            let to = BufferId::new(self.storage.len());
            self.storage.push(Storage::Own { bytes });
            let input = Operand { buffer: from, layout: view.layout, ty: func.ty(*out).clone() };
            copies.push((input, to));
            buffers.push(to);
        }
        (buffers, copies)
    }

    /// The buffer of an input or a constant.
    fn in_memory(&mut self, var: Var) -> BufferId {
        if let Some(buffer) = self.buffers.get(&var) {
            return *buffer;
        }
        let content = match &self.values.defs[var.index()] {
            Def::Data(data) => data.as_bytes().to_vec(),
            Def::Literal(value) => {
                let ty = self.values.func.ty(var);
                match Kind::of(ty.dtype) {
                    Some(kind) => bytes_of(*value, kind)[..kind.size()].repeat(ty.num_elements()),
                    None => burn::tensor::TensorData::full(ty.shape.clone(), value.value())
                        .convert_dtype(ty.dtype)
                        .as_bytes()
                        .to_vec(),
                }
            }
            _ => vec![0; self.bytes(var)],
        };
        self.buffer(var, Storage::Constant { content })
    }

    /// Buffers of what one item hands to another.
    fn temporaries(&mut self) {
        for k in 0..self.schedule.len() {
            let members = Self::members(&self.schedule[k]).to_vec();
            let opaque = matches!(self.schedule[k], ScheduleItem::Opaque(_));
            for var in &members {
                for view in self.values.operands(*var) {
                    let constant = matches!(self.values.defs[view.root.index()], Def::Data(_))
                        || opaque && matches!(self.values.defs[view.root.index()], Def::Literal(_));
                    if constant {
                        self.in_memory(view.root);
                    }
                }
                if self.buffers.contains_key(var) || !(opaque || self.escapes(*var, k)) {
                    continue;
                }
                let to = self.last_read.get(var).copied().unwrap_or(k);
                let bytes = self.bytes(*var);
                self.buffer(*var, Storage::Arena { bytes, from: k, to });
            }
        }
    }

    /// Whether a value of loop `item` must be in memory: it combines lanes, or something else reads it.
    fn escapes(&self, var: Var, item: usize) -> bool {
        if matches!(self.values.defs[var.index()], Def::Elementwise(ElementOp::Reduce(..), _)) {
            return true;
        }
        self.last_read.get(&var).is_some_and(|last| *last > item)
    }

    fn carries(
        &self,
        carried: &[(usize, usize)],
        in_place: &FxHashSet<(usize, usize)>,
        inputs: &[Option<BufferId>],
        outputs: &[BufferId],
    ) -> Vec<Carry> {
        let mut buffers: FxHashMap<BufferId, usize> = FxHashMap::default();
        outputs.iter().for_each(|o| *buffers.entry(*o).or_default() += 1);
        let mut times: FxHashMap<usize, usize> = FxHashMap::default();
        carried.iter().for_each(|(output, _)| *times.entry(*output).or_default() += 1);
        let carry = |pair: &(usize, usize)| {
            let (from, Some(to)) = (outputs[pair.0], inputs[pair.1]) else { return Carry::InPlace };
            let bytes = self.bytes(self.values.func.inputs()[pair.1]);
            let alone = buffers[&from] == 1 && times[&pair.0] == 1;
            let exact = matches!(self.storage[from.index()], Storage::Own { bytes: own } if own == bytes);
            match in_place.contains(pair) {
                true => Carry::InPlace,
                false if alone && exact => Carry::Swap { from, to },
                false => Carry::Copy { from, to, bytes },
            }
        };
        carried.iter().map(carry).collect()
    }
}

impl Assigner<'_, '_> {
    /// Where the indices are that are looked at before a run.
    fn indices(&self, all: Vec<CallerIndices>) -> Vec<Indices> {
        let place = |indices: CallerIndices| {
            let root = indices.of.root;
            let (buffer, kind) = (*self.buffers.get(&root)?, self.values.kind(root)?);
            Some(Indices::new(buffer, indices.of.layout, kind, indices.along))
        };
        all.into_iter().filter_map(place).collect()
    }
}
