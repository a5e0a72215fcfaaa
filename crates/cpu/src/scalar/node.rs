//! From a graph to operations on single numbers.

use rustc_hash::FxHashMap;
use thalweg_autodiff::primitives::{Elementwise, Prim, Reduction};
use thalweg_autodiff::{Eqn, Func};

use crate::kernels;
use crate::kernels::{Kind, bytes_of};
use crate::layout::{Layout, Position};

/// Programs with more operations for one lane gain nothing by being scalarized.
const MAX_NODES: usize = 1000;

/// One operation on numbers, or where a number comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    /// An element of an input; of each lane, where `lane` is set.
    Load {
        input: usize,
        element: usize,
        lane: bool,
        kind: Kind,
    },
    Number {
        bytes: [u8; 8],
        kind: Kind,
    },
    Elementwise {
        op: Elementwise,
        args: Vec<u32>,
        kind: Kind,
    },
    Convert {
        arg: u32,
        from: Kind,
        to: Kind,
    },
    /// `x·y + z`, or `z − x·y` where negated.
    MulAdd {
        args: [u32; 3],
        negated: bool,
        kind: Kind,
    },
}

impl Node {
    /// The type of the result.
    pub fn kind(&self) -> Kind {
        match self {
            Node::Load { kind, .. } | Node::Number { kind, .. } | Node::MulAdd { kind, .. } => *kind,
            Node::Convert { to, .. } => *to,
            Node::Elementwise {
                op:
                    Elementwise::Eq
                    | Elementwise::Ne
                    | Elementwise::Lt
                    | Elementwise::Le
                    | Elementwise::Gt
                    | Elementwise::Ge,
                ..
            } => Kind::Bool,
            Node::Elementwise { kind, .. } => *kind,
        }
    }

    pub fn args(&self) -> &[u32] {
        match self {
            Node::Load { .. } | Node::Number { .. } => &[],
            Node::Elementwise { args, .. } => args,
            Node::Convert { arg, .. } => std::slice::from_ref(arg),
            Node::MulAdd { args, .. } => args,
        }
    }
}

/// A graph, scalarized.
pub(crate) struct ScalarGraph {
    pub lanes: usize,
    pub nodes: Vec<Node>,
    /// The elements of each result, and whether every lane has its own.
    pub outputs: Vec<(Vec<u32>, bool)>,
    /// Whether every lane has its own elements of each input.
    pub batched_inputs: Vec<bool>,
}

/// The elements of a value for one lane.
#[derive(Clone)]
struct Value {
    elements: Vec<u32>,
    shape: Vec<usize>,
    lane: bool,
}

struct Scalarizer<'f> {
    func: &'f Func,
    lanes: usize,
    nodes: Vec<Node>,
    known: FxHashMap<Node, u32>,
    values: Vec<Value>,
}

/// The graph as operations on single numbers; `None` where it is too large for that, has products of matrices, or does
/// what depends on values of indices.
pub(crate) fn scalarize(func: &Func) -> Option<ScalarGraph> {
    if !func.eqns().iter().all(|eqn| is_plain(&eqn.prim)) {
        return None;
    }
    let mut lengths: Vec<usize> =
        func.inputs().iter().map(|v| func.ty(*v).shape[0]).filter(|n| *n > 1).collect();
    lengths.sort_unstable();
    lengths.dedup();
    // One lane first: a program without lanes is not to be cut along some axis.
    std::iter::once(1).chain(lengths.into_iter().rev()).find_map(|lanes| scalarize_for(func, lanes))
}

/// Whether a primitive only computes numbers from numbers, or moves them.
fn is_plain(prim: &Prim) -> bool {
    let computes = matches!(
        prim,
        Prim::Input(_)
            | Prim::Full(_)
            | Prim::Constant(_)
            | Prim::Elementwise(_)
            | Prim::Convert(_)
            | Prim::Reduce(_)
    );
    let moves = matches!(
        prim,
        Prim::Broadcast(_)
            | Prim::Reshape(_)
            | Prim::Permute(_)
            | Prim::Flip(_)
            | Prim::Slice(_)
            | Prim::SliceAssign(_)
            | Prim::Cat(_)
            | Prim::StopGradient(_)
            | Prim::Alias(_)
    );
    computes || moves
}

fn scalarize_for(func: &Func, lanes: usize) -> Option<ScalarGraph> {
    let mut scalarizer = Scalarizer { func, lanes, nodes: vec![], known: FxHashMap::default(), values: vec![] };
    for eqn in func.eqns() {
        let value = scalarizer.value(eqn)?;
        if scalarizer.nodes.len() > MAX_NODES || value.elements.len() > MAX_NODES {
            return None;
        }
        scalarizer.values.push(value);
    }
    let output = |v: &thalweg_autodiff::Var| {
        let value = &scalarizer.values[v.index()];
        // A result that is the same for all lanes, but has their axis, would have to be spread.
        let spread = !value.lane && lanes > 1 && func.ty(*v).shape.first() == Some(&lanes);
        (!spread).then(|| (value.elements.clone(), value.lane))
    };
    let outputs = func.outputs().iter().map(output).collect::<Option<Vec<_>>>()?;
    let inputs = func.inputs().iter().map(|v| &scalarizer.values[v.index()]);
    // One number for each lane is what a loop over the tensor itself does better.
    if lanes > 1 && inputs.clone().all(|v| !v.lane || v.elements.len() == 1) {
        return None;
    }
    let lane_inputs = inputs.map(|v| v.lane).collect();
    let mut nodes = ScalarGraph { lanes, nodes: scalarizer.nodes, outputs, batched_inputs: lane_inputs };
    nodes.fuse();
    nodes.prune();
    Some(nodes)
}

impl Scalarizer<'_> {
    fn push(&mut self, node: Node) -> u32 {
        if let Some(k) = self.known.get(&node) {
            return *k;
        }
        let k = self.nodes.len() as u32;
        self.known.insert(node.clone(), k);
        self.nodes.push(node);
        k
    }

    fn is_zero(&self, k: u32) -> bool {
        matches!(&self.nodes[k as usize], Node::Number { bytes, .. } if *bytes == [0; 8])
    }

    fn elementwise(&mut self, op: Elementwise, args: Vec<u32>, kind: Kind) -> u32 {
        // Padding with zeros is what slices leave behind when they are transposed.
        match op {
            Elementwise::Add if self.is_zero(args[1]) => return args[0],
            Elementwise::Add if self.is_zero(args[0]) => return args[1],
            Elementwise::Sub if self.is_zero(args[1]) => return args[0],
            _ => {}
        }
        self.push(Node::Elementwise { op, args, kind })
    }

    fn kind(&self, var: thalweg_autodiff::Var) -> Option<Kind> {
        Kind::of(self.func.ty(var).dtype)
    }

    fn value(&mut self, eqn: &Eqn) -> Option<Value> {
        let kind = Kind::of(eqn.ty.dtype)?;
        let arg = |own: &Self, k: usize| own.values[eqn.args[k].index()].clone();
        match &eqn.prim {
            Prim::Input(input) => {
                let lane = self.lanes > 1 && eqn.ty.shape[0] == self.lanes;
                let shape = eqn.ty.shape[usize::from(lane)..].to_vec();
                let n: usize = shape.iter().product();
                if n > MAX_NODES {
                    return None;
                }
                let load = |element| Node::Load { input: input.index, element, lane, kind };
                let elements = (0..n).map(|e| self.push(load(e))).collect();
                Some(Value { elements, shape, lane })
            }
            Prim::Full(full) => {
                // For one lane where there are lanes; a value with other axes would have another first length.
                let lane = self.lanes > 1 && eqn.ty.shape[0] == self.lanes;
                let shape = eqn.ty.shape[usize::from(lane)..].to_vec();
                let n: usize = shape.iter().product();
                let number = self.push(Node::Number { bytes: bytes_of(full.value, kind), kind });
                (n <= MAX_NODES).then(|| Value { elements: vec![number; n], shape, lane })
            }
            Prim::Constant(constant) => {
                if eqn.ty.num_elements() > MAX_NODES {
                    return None;
                }
                let bytes = constant.data.as_bytes();
                let number = |element: &[u8]| {
                    let mut bytes = [0; 8];
                    bytes[..element.len()].copy_from_slice(element);
                    self.push(Node::Number { bytes, kind })
                };
                let elements = bytes.chunks_exact(kind.size()).map(number).collect();
                Some(Value { elements, shape: eqn.ty.shape.clone(), lane: false })
            }
            Prim::StopGradient(_) | Prim::Alias(_) => Some(arg(self, 0)),
            Prim::Elementwise(op) => self.map(*op, eqn),
            Prim::Convert(_) => {
                let (of, from) = (arg(self, 0), self.kind(eqn.args[0])?);
                let convert = |k: &u32| self.push(Node::Convert { arg: *k, from, to: kind });
                Some(Value { elements: of.elements.iter().map(convert).collect(), ..of })
            }
            Prim::Reduce(p) => self.reduce(p.op, &p.axes, arg(self, 0), kind),
            _ => self.moved(eqn),
        }
    }

    fn map(&mut self, op: Elementwise, eqn: &Eqn) -> Option<Value> {
        let last = *eqn.args.last()?;
        let kind = self.kind(last)?;
        if !kernels::has_elementwise(op, kind) {
            return None;
        }
        let args: Vec<Value> = eqn.args.iter().map(|a| self.values[a.index()].clone()).collect();
        let first = &args[0];
        if args.iter().any(|a| a.lane != first.lane || a.elements.len() != first.elements.len()) {
            return None;
        }
        let (n, shape, lane) = (first.elements.len(), first.shape.clone(), first.lane);
        let element = |i: usize| self.elementwise(op, args.iter().map(|a| a.elements[i]).collect(), kind);
        Some(Value { elements: (0..n).map(element).collect(), shape, lane })
    }

    fn reduce(&mut self, op: Reduction, axes: &[usize], of: Value, kind: Kind) -> Option<Value> {
        let axes: Vec<usize> =
            axes.iter().map(|a| a.checked_sub(usize::from(of.lane))).collect::<Option<_>>()?;
        let mut shape = of.shape.clone();
        axes.iter().for_each(|a| shape[*a] = 1);
        let strides = Layout::contiguous(&shape).broadcast(&of.shape).strides;
        let mut elements: Vec<Option<u32>> = vec![None; shape.iter().product()];
        let mut position = Position::new(&of.shape, 0);
        for k in &of.elements {
            let to = position.offset(&strides) as usize;
            elements[to] = Some(match elements[to] {
                None => *k,
                Some(so_far) => self.combine(op, so_far, *k, kind),
            });
            position.advance(0);
        }
        Some(Value { elements: elements.into_iter().collect::<Option<_>>()?, shape, lane: of.lane })
    }

    fn combine(&mut self, op: Reduction, a: u32, b: u32, kind: Kind) -> u32 {
        let mut larger = |by: Elementwise| {
            let compared = self.elementwise(by, vec![a, b], kind);
            let not_a_number = self.elementwise(Elementwise::Ne, vec![a, a], kind);
            let first = self.elementwise(Elementwise::Or, vec![compared, not_a_number], Kind::Bool);
            self.elementwise(Elementwise::Select, vec![first, a, b], kind)
        };
        match op {
            Reduction::Max => larger(Elementwise::Gt),
            Reduction::Min => larger(Elementwise::Lt),
            Reduction::Sum => self.elementwise(Elementwise::Add, vec![a, b], kind),
            Reduction::Prod => self.elementwise(Elementwise::Mul, vec![a, b], kind),
            Reduction::Any => self.elementwise(Elementwise::Or, vec![a, b], kind),
            Reduction::All => self.elementwise(Elementwise::And, vec![a, b], kind),
        }
    }

    /// Values whose elements are those of others, in another order.
    fn moved(&mut self, eqn: &Eqn) -> Option<Value> {
        let of = self.values[eqn.args.first()?.index()].clone();
        let skip = usize::from(of.lane);
        let shape = &eqn.ty.shape;
        let picked = |layout: Layout, lane: bool| {
            let mut position = Position::new(&layout.shape, 0);
            let elements = (0..layout.num_elements()).map(|_| {
                let k = of.elements[(position.offset(&layout.strides) + layout.offset) as usize];
                position.advance(0);
                k
            });
            Value { elements: elements.collect(), shape: layout.shape.clone(), lane }
        };
        let own = Layout::contiguous(&of.shape);
        match &eqn.prim {
            Prim::Reshape(_) if of.lane => {
                (shape[0] == self.lanes).then(|| Value { shape: shape[1..].to_vec(), ..of.clone() })
            }
            Prim::Reshape(_) if self.lanes > 1 && shape[0] == self.lanes => None,
            Prim::Reshape(_) => Some(Value { shape: shape.clone(), ..of.clone() }),
            Prim::Broadcast(_) if of.lane => (shape[1..].iter().product::<usize>() <= MAX_NODES)
                .then(|| picked(own.broadcast(&shape[1..]), true)),
            Prim::Broadcast(_) if self.lanes > 1 && shape[0] == self.lanes && of.shape[0] == 1 => {
                let inner = Layout::contiguous(&of.shape[1..]);
                (shape[1..].iter().product::<usize>() <= MAX_NODES)
                    .then(|| picked(inner.broadcast(&shape[1..]), true))
            }
            Prim::Broadcast(_) => {
                (shape.iter().product::<usize>() <= MAX_NODES).then(|| picked(own.broadcast(shape), false))
            }
            Prim::Permute(p) if of.lane => {
                let axes: Vec<usize> = p.axes[1..].iter().map(|a| a.checked_sub(1)).collect::<Option<_>>()?;
                (p.axes[0] == 0).then(|| picked(own.permute(&axes), true))
            }
            Prim::Permute(p) => Some(picked(own.permute(&p.axes), false)),
            Prim::Flip(p) => {
                let axes: Vec<usize> = p.axes.iter().map(|a| a.checked_sub(skip)).collect::<Option<_>>()?;
                Some(picked(own.flip(&axes), of.lane))
            }
            Prim::Slice(p) => {
                let whole = !of.lane || p.ranges[0].num_elements() == self.lanes;
                whole.then(|| picked(own.slice(&p.ranges[skip..]), of.lane))
            }
            Prim::SliceAssign(p) => {
                let value = &self.values[eqn.args[1].index()];
                let fits = value.lane == of.lane && (!of.lane || p.ranges[0].num_elements() == self.lanes);
                let place = own.slice(&p.ranges[skip..]);
                let mut elements = of.elements.clone();
                let mut position = Position::new(&place.shape, 0);
                for k in &value.elements {
                    elements[(position.offset(&place.strides) + place.offset) as usize] = *k;
                    position.advance(0);
                }
                fits.then(|| Value { elements, shape: of.shape.clone(), lane: of.lane })
            }
            Prim::Cat(p) => {
                let axis = p.axis.checked_sub(skip)?;
                let parts: Vec<Value> = eqn.args.iter().map(|a| self.values[a.index()].clone()).collect();
                if parts.iter().any(|part| part.lane != of.lane) {
                    return None;
                }
                let mut shape = of.shape.clone();
                shape[axis] = parts.iter().map(|part| part.shape[axis]).sum();
                let rows: usize = shape[..axis].iter().product();
                let row = |part: &Value| part.shape[axis..].iter().product::<usize>();
                let rows = (0..rows).flat_map(|r| {
                    parts
                        .iter()
                        .flat_map(move |part| part.elements[r * row(part)..(r + 1) * row(part)].to_vec())
                });
                Some(Value { elements: rows.collect(), shape, lane: of.lane })
            }
            _ => None,
        }
    }
}
