//! A small graph as one command on single numbers.

use rustc_hash::FxHashMap;
use thalweg_autodiff::Func;

use crate::buffer::{BufferId, Storage};
use crate::command::{Carry, Command, Executable};
use crate::isa::Isa;
use crate::scalar::{Node, ScalarGraph, ScalarProgram, vectorize};

/// The executable of a scalarized graph: one command, which reads all inputs before it writes results.
pub(crate) fn lower_scalars(
    func: &Func,
    nodes: &ScalarGraph,
    carried: &[(usize, usize)],
    isa: Isa,
) -> Executable {
    let mut storage: Vec<Storage> = vec![];
    let mut transposed = FxHashMap::default();
    let mut buffer = |of: Storage, lane: bool| {
        let buffer = BufferId::new(storage.len());
        storage.push(of);
        if lane {
            transposed.insert(buffer, nodes.lanes);
        }
        buffer
    };
    let loaded = |k: usize| nodes.nodes.iter().any(|n| matches!(n, Node::Load { input, .. } if *input == k));
    let wanted = |k: usize| loaded(k) || carried.iter().any(|(_, input)| *input == k);
    let inputs: Vec<Option<BufferId>> = (0..func.inputs().len())
        .map(|k| wanted(k).then(|| buffer(Storage::Input(k), nodes.batched_inputs[k])))
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
    let outputs: Vec<BufferId> = (0..nodes.outputs.len())
        .map(|k| in_place(k).unwrap_or_else(|| buffer(Storage::Own { bytes: bytes(k) }, nodes.outputs[k].1)))
        .collect();
    let carry = |(output, input): &(usize, usize)| match inputs[*input] {
        Some(to) if to != outputs[*output] => Carry::Copy { from: outputs[*output], to, bytes: bytes(*output) },
        _ => Carry::InPlace,
    };
    let command = match nodes.lanes {
        1 => Command::Op(Box::new(ScalarProgram::new(nodes, &inputs, &outputs, isa))),
        _ => Command::Loop(Box::new(vectorize(nodes, &inputs, &outputs, isa))),
    };
    let carries = carried.iter().map(carry).collect();
    Executable { commands: vec![command], storage, inputs, outputs, carries, indices: vec![], transposed }
}
