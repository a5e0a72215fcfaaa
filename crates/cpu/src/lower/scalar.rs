//! A small graph as one command on single numbers.

use rustc_hash::FxHashMap;
use thalweg_autodiff::Func;

use crate::buffer::{Home, Slot};
use crate::command::{Carry, Planned, Work};
use crate::isa::Isa;
use crate::scalar::{Node, Nodes, Straight, lanes};

/// The plan of an unrolled graph: one unit, which reads all inputs before it writes results.
pub(crate) fn lower_scalars(func: &Func, nodes: &Nodes, carried: &[(usize, usize)], isa: Isa) -> Planned {
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
