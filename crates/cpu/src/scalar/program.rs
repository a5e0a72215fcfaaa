use std::cell::UnsafeCell;

use thalweg_autodiff::Result;

use super::node::{Node, ScalarGraph};
use crate::buffer::{BufferId, Buffers};
use crate::cost::Cost;
use crate::isa::Isa;
use crate::kernels;
use crate::kernels::{KernelForm, Kind, Scalar, ScalarKernel};
use crate::op::Op;
use crate::pool::Team;

/// One call on single numbers, whose places are counted in registers of eight bytes.
struct Call {
    kernel: ScalarKernel,
    to: u32,
    from: [u32; 3],
}

/// Registers of eight bytes, constants among them.
struct Registers(UnsafeCell<Box<[u64]>>);
// SAFETY: only `ScalarProgram::run` touches them, and one program runs one command at a time.
unsafe impl Sync for Registers {}

/// A scalarized program for one lane: numbers are read, computed one after the other, and written.
pub(crate) struct ScalarProgram {
    reads: Vec<(BufferId, usize, Kind, u32)>,
    calls: Vec<Call>,
    writes: Vec<(u32, Kind, BufferId, usize)>,
    registers: Registers,
}

/// The kernel of a node that computes something, where `repeated` tells which operands are one value for all lanes.
pub(crate) fn kernel_of<W: KernelForm>(node: &Node, repeated: &[bool], isa: Isa) -> Option<W::Kernel> {
    match node {
        Node::Elementwise { op, kind, .. } => kernels::elementwise::<W>(*op, *kind, repeated, isa),
        Node::Convert { from, to, .. } => Some(kernels::cast::<W>(*from, *to, isa)),
        Node::MulAdd { negated, kind, .. } => kernels::mul_add::<W>(*kind, *negated, repeated, isa),
        Node::Load { .. } | Node::Number { .. } => None,
    }
}

impl ScalarProgram {
    /// `inputs` and `outputs` are the buffers of the graph's; inputs that no node loads have none.
    pub fn new(nodes: &ScalarGraph, inputs: &[Option<BufferId>], outputs: &[BufferId], isa: Isa) -> Self {
        let mut registers = vec![0; nodes.nodes.len()].into_boxed_slice();
        let (mut reads, mut calls, mut writes) = (vec![], vec![], vec![]);
        for (k, node) in nodes.nodes.iter().enumerate() {
            let to = k as u32;
            match node {
                Node::Load { input, element, kind, .. } => {
                    reads.extend(inputs[*input].map(|buffer| (buffer, *element, *kind, to)));
                }
                Node::Number { bytes, .. } => registers[k] = u64::from_ne_bytes(*bytes),
                computed => {
                    let args = computed.args();
                    let from = [0, 1, 2].map(|k| args.get(k).copied().unwrap_or(to));
                    calls.extend(kernel_of::<Scalar>(node, &[], isa).map(|kernel| Call { kernel, to, from }));
                }
            }
        }
        for ((elements, _), buffer) in nodes.outputs.iter().zip(outputs) {
            for (e, k) in elements.iter().enumerate() {
                writes.push((*k, nodes.nodes[*k as usize].kind(), *buffer, e));
            }
        }
        ScalarProgram { reads, calls, writes, registers: Registers(UnsafeCell::new(registers)) }
    }
}

/// # Safety
/// Both places are valid for an element of the kind.
#[inline(always)]
unsafe fn copy(kind: Kind, from: *const u8, to: *mut u8) {
    // SAFETY: the caller's promise.
    unsafe {
        match kind.size() {
            4 => to.cast::<u32>().write(from.cast::<u32>().read()),
            8 => to.cast::<u64>().write(from.cast::<u64>().read()),
            _ => to.write(from.read()),
        }
    }
}

impl Op for ScalarProgram {
    unsafe fn run(&self, buffers: Buffers, _team: &Team) -> Result<()> {
        // SAFETY: nobody else uses the registers while the program runs; calls name registers that exist, and elements
        // lie inside of their buffers.
        unsafe {
            let registers = (*self.registers.0.get()).as_mut_ptr().cast::<u8>();
            let at = |k: u32| registers.add(8 * k as usize);
            for (buffer, element, kind, k) in &self.reads {
                copy(*kind, buffers.pointer(*buffer).add(element * kind.size()), at(*k));
            }
            for call in &self.calls {
                let [a, b, c] = call.from.map(|k| at(k).cast_const());
                (call.kernel)(at(call.to), a, b, c);
            }
            for (k, kind, buffer, element) in &self.writes {
                copy(*kind, at(*k), buffers.pointer(*buffer).add(element * kind.size()));
            }
        }
        Ok(())
    }

    fn cost(&self) -> Cost {
        let bytes = self.reads.iter().map(|(_, _, kind, _)| kind.size()).sum::<usize>()
            + self.writes.iter().map(|(_, kind, _, _)| kind.size()).sum::<usize>();
        Cost {
            name: format!("{} scalar operations", self.calls.len()),
            flops: self.calls.len(),
            bytes,
            falls_back: false,
        }
    }
}
