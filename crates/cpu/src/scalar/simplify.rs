//! Fewer operations for the same numbers.

use thalweg_autodiff::primitives::Elementwise;

use super::node::{Node, ScalarGraph};
use crate::kernels::Kind;

impl ScalarGraph {
    /// How often each node is read, results included.
    fn uses(&self) -> Vec<usize> {
        let mut uses = vec![0; self.nodes.len()];
        let returned = self.outputs.iter().flat_map(|(elements, _)| elements);
        self.nodes.iter().flat_map(Node::args).chain(returned).for_each(|k| uses[*k as usize] += 1);
        uses
    }

    /// Joins products with the sums that alone read them.
    pub fn fuse(&mut self) {
        let uses = self.uses();
        for k in 0..self.nodes.len() {
            let Node::Elementwise { op: op @ (Elementwise::Add | Elementwise::Sub), args, kind } =
                &self.nodes[k]
            else {
                continue;
            };
            if !matches!(kind, Kind::F32 | Kind::F64) {
                continue;
            }
            let factors = |at: usize| match &self.nodes[args[at] as usize] {
                Node::Elementwise { op: Elementwise::Mul, args: factors, .. }
                    if uses[args[at] as usize] == 1 =>
                {
                    Some([factors[0], factors[1], args[1 - at]])
                }
                _ => None,
            };
            let negated = *op == Elementwise::Sub;
            let found = if negated { factors(1) } else { factors(1).or_else(|| factors(0)) };
            if let Some(args) = found {
                self.nodes[k] = Node::MulAdd { args, negated, kind: *kind };
            }
        }
    }

    /// Drops what no result needs.
    pub fn prune(&mut self) {
        let mut live = vec![false; self.nodes.len()];
        self.outputs.iter().flat_map(|(elements, _)| elements).for_each(|k| live[*k as usize] = true);
        for k in (0..live.len()).rev() {
            if live[k] {
                self.nodes[k].args().to_vec().iter().for_each(|a| live[*a as usize] = true);
            }
        }
        let mut renamed = vec![0; self.nodes.len()];
        let mut kept = vec![];
        for (k, mut node) in std::mem::take(&mut self.nodes).into_iter().enumerate() {
            if !live[k] {
                continue;
            }
            match &mut node {
                Node::Load { .. } | Node::Number { .. } => {}
                Node::Elementwise { args, .. } => args.iter_mut().for_each(|a| *a = renamed[*a as usize]),
                Node::Convert { arg, .. } => *arg = renamed[*arg as usize],
                Node::MulAdd { args, .. } => args.iter_mut().for_each(|a| *a = renamed[*a as usize]),
            }
            renamed[k] = kept.len() as u32;
            kept.push(node);
        }
        self.nodes = kept;
        for (elements, _) in &mut self.outputs {
            elements.iter_mut().for_each(|k| *k = renamed[*k as usize]);
        }
    }
}
