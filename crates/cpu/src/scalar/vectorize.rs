use super::node::{Node, ScalarGraph};
use super::program::kernel_of;
use crate::buffer::BufferId;
use crate::isa::Isa;
use crate::kernels;
use crate::kernels::Vector;
use crate::layout::Layout;
use crate::loops::{Access, AccessMode, Instruction, Loop, Operand, Partition, Store, Tiling};

/// Bytes that the tiles may take together. A call of a kernel costs more than the way to the second cache, and
/// `run_n` makes all steps of a tile before it turns to the next one.
const CACHE: usize = 128 * 1024;
/// What a task should cost at least, in kernel calls' lanes.
const TASK: usize = 40 * 1024;
const MAX_TASKS: usize = 64;

/// The loop of a scalarized program over its lanes. Values of lanes lie element after element, each for all lanes.
pub(crate) fn vectorize(
    nodes: &ScalarGraph,
    inputs: &[Option<BufferId>],
    outputs: &[BufferId],
    isa: Isa,
) -> Loop {
    let mut uses = vec![0_usize; nodes.nodes.len()];
    let written: Vec<(u32, BufferId, usize, bool)> = nodes
        .outputs
        .iter()
        .zip(outputs)
        .flat_map(|((elements, lane), buffer)| {
            elements.iter().enumerate().map(move |(e, k)| (*k, *buffer, e, *lane))
        })
        .collect();
    nodes.nodes.iter().flat_map(Node::args).for_each(|k| uses[*k as usize] += 1);
    // Results stay in their registers until the tile is done, so that a result may take the place of an input.
    written.iter().for_each(|(k, ..)| uses[*k as usize] += 1);

    let mut out = Loop {
        lanes: nodes.lanes,
        operations: 0,
        tiling: Tiling { rows: 1, row: nodes.lanes, tile: 1 },
        partition: Partition::Tiles(1),
        tasks: 1,
        loads: vec![],
        registers: vec![],
        numbers: vec![],
        instructions: vec![],
        stores: vec![],
        reduces: vec![],
    };
    let mut drafts = vec![];
    let mut places: Vec<(Operand, bool)> = vec![];
    let mut free: Vec<usize> = vec![];
    let register = |out: &mut Loop, free: &mut Vec<usize>| {
        Operand::Register(free.pop().unwrap_or_else(|| {
            out.registers.push(8);
            out.registers.len() - 1
        }))
    };
    for node in &nodes.nodes {
        let place = match node {
            Node::Load { input, element, lane, kind } => {
                let buffer = inputs[*input].expect("inputs that nodes load have slots");
                let (shape, offset) =
                    if *lane { (vec![nodes.lanes], element * nodes.lanes) } else { (vec![], *element) };
                let layout = Layout { offset: offset as isize, ..Layout::contiguous(&shape) };
                let place = if *lane { AccessMode::Direct } else { AccessMode::Uniform };
                out.loads.push(Access { buffer, kind: *kind, mode: place, layout });
                (Operand::Load(out.loads.len() - 1), !lane)
            }
            Node::Number { bytes, .. } => {
                out.numbers.push(*bytes);
                (Operand::Number(out.numbers.len() - 1), true)
            }
            computed => {
                let args: Vec<(Operand, bool)> = computed.args().iter().map(|k| places[*k as usize]).collect();
                let uniform = args.iter().all(|(_, uniform)| *uniform);
                let repeated: Vec<bool> = args.iter().map(|(_, u)| *u && !uniform).collect();
                let to = register(&mut out, &mut free);
                let kernel =
                    kernel_of::<Vector>(computed, &repeated, isa).expect("unrolled operations have kernels");
                let from: Vec<Operand> = args.iter().map(|(o, _)| *o).collect();
                drafts.push((kernel, to, from, uniform));
                for k in computed.args() {
                    uses[*k as usize] -= 1;
                    if let (0, (Operand::Register(r), _)) = (uses[*k as usize], places[*k as usize]) {
                        free.push(r);
                    }
                }
                (to, uniform)
            }
        };
        places.push(place);
    }
    for (k, buffer, element, lane) in written {
        let kind = nodes.nodes[k as usize].kind();
        let (mut from, uniform) = places[k as usize];
        let input = match &nodes.nodes[k as usize] {
            Node::Load { input, element: own, lane: true, .. } => inputs[*input].map(|of| (of, *own)),
            _ => None,
        };
        if input == Some((buffer, element)) {
            continue;
        }
        // An input that is returned as it is may be written over before its turn comes.
        if lane && (uniform || input.is_some()) {
            let to = register(&mut out, &mut vec![]);
            let copy =
                if uniform { kernels::splat(kind, isa) } else { kernels::cast::<Vector>(kind, kind, isa) };
            drafts.push((copy, to, vec![from], false));
            from = to;
        }
        let offset = if lane { element * nodes.lanes } else { element };
        out.stores.push(Store { buffer, kind, offset, one: !lane, copied_from: Some(from) });
    }
    let arrays = out.registers.len() + out.loads.iter().filter(|l| l.mode == AccessMode::Direct).count();
    let tile = (CACHE / (8 * arrays.max(1)) / 16 * 16).clamp(64, 1024);
    out.tiling.tile = tile.min(nodes.lanes);
    out.tasks = (nodes.lanes * drafts.len() / TASK).clamp(1, MAX_TASKS).min(out.tiling.count());
    out.operations = drafts.iter().filter(|(.., uniform)| !uniform).count();
    out.instructions = drafts
        .into_iter()
        .map(|(kernel, to, from, uniform)| {
            let to = out.index(to);
            let from = [0, 1, 2, 3, 4].map(|k| from.get(k).map_or(to, |o| out.index(*o)));
            Instruction { kernel, name: String::new(), to, from, list: vec![], uniform }
        })
        .collect();
    out
}
