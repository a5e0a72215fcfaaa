//! The same graph with short axes. Whether two gradients agree does not depend on how long a batch or a layer is, but
//! the time to compute them does.
//!
//! Axes that must have one length are tied; those whose length means something to a primitive (an axis that indices
//! count along, the part that a slice takes) are fixed, and so is all of a primitive that is not known here. The rest
//! gets [`SHORT`] elements. Numbers that were computed from a length, such as the divisor of a mean, stay: they are
//! the same constants on both sides of the comparison.

use crate::ir::{Eqn, Func, TensorType, Var};
use crate::primitives::{Broadcast, Full, Input, Prim, Random, Reshape, Slice, SliceAssign, SliceRange};

/// Long enough that normalizing over an axis leaves something to differentiate.
const SHORT: usize = 5;

/// Which axes of all values have one length, as a forest of sets.
struct Axes<'a> {
    func: &'a Func,
    /// The number of each value's first axis.
    first: Vec<usize>,
    parent: Vec<usize>,
    /// Whether the set of a root keeps its length.
    fixed: Vec<bool>,
}

impl<'a> Axes<'a> {
    fn new(func: &'a Func) -> Self {
        let (mut first, mut count) = (vec![], 0);
        for eqn in func.eqns() {
            first.push(count);
            count += eqn.ty.rank();
        }
        Axes { func, first, parent: (0..count).collect(), fixed: vec![false; count] }
    }

    fn root(&mut self, value: Var, axis: usize) -> usize {
        let mut at = self.first[value.index()] + axis;
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn fix(&mut self, value: Var, axis: usize) {
        let root = self.root(value, axis);
        self.fixed[root] = true;
    }

    fn fix_all(&mut self, value: Var) {
        (0..self.func.ty(value).rank()).for_each(|axis| self.fix(value, axis));
    }

    /// Ties two axes; where their lengths differ, as one is stretched or not all of it is used, both are fixed.
    fn tie(&mut self, (a, i): (Var, usize), (b, j): (Var, usize)) {
        if self.func.ty(a).shape[i] != self.func.ty(b).shape[j] {
            self.fix(a, i);
            self.fix(b, j);
            return;
        }
        let (a, b) = (self.root(a, i), self.root(b, j));
        self.parent[a] = b;
        self.fixed[b] |= self.fixed[a];
    }

    /// Ties the axes of two values of one rank, but for some.
    fn tie_but(&mut self, a: Var, b: Var, except: &[usize]) {
        for axis in (0..self.func.ty(a).rank()).filter(|axis| !except.contains(axis)) {
            self.tie((a, axis), (b, axis));
        }
    }

    /// Ties axes that a reshape leaves as they are; fixes those that it splits or joins.
    fn tie_reshaped(&mut self, a: Var, b: Var) {
        let (from, to) = (&self.func.ty(a).shape, &self.func.ty(b).shape);
        if from.contains(&0) {
            self.fix_all(a);
            return self.fix_all(b);
        }
        let long = |shape: &[usize]| (0..shape.len()).filter(|axis| shape[*axis] != 1).collect::<Vec<_>>();
        let (own, new) = (long(from), long(to));
        let (mut i, mut j) = (0, 0);
        while i < own.len() && j < new.len() {
            // The fewest axes on both sides that hold as many elements.
            let (i0, j0, mut left, mut right) = (i, j, from[own[i]], to[new[j]]);
            (i, j) = (i + 1, j + 1);
            while left != right {
                if left < right {
                    (left, i) = (left * from[own[i]], i + 1);
                } else {
                    (right, j) = (right * to[new[j]], j + 1);
                }
            }
            match (&own[i0..i], &new[j0..j]) {
                ([axis], [other]) => self.tie((a, *axis), (b, *other)),
                (split, joined) => {
                    split.iter().for_each(|axis| self.fix(a, *axis));
                    joined.iter().for_each(|axis| self.fix(b, *axis));
                }
            }
        }
    }

    /// What equation `y` says about the lengths of its operands' axes and its own.
    fn constrain(&mut self, y: Var) {
        let func = self.func;
        let Eqn { prim, args, ty } = &func.eqns()[y.index()];
        match prim {
            Prim::Input(_) | Prim::Full(_) => {}
            Prim::Random(p) if p.ty.rank() == ty.rank() => self.fix_all(args[0]),
            Prim::Elementwise(_)
            | Prim::Convert(_)
            | Prim::StopGradient(_)
            | Prim::Softmax(_)
            | Prim::Flip(_)
            | Prim::Cumulative(_) => args.iter().for_each(|x| self.tie_but(*x, y, &[])),
            Prim::Broadcast(_) => {
                let stretched: Vec<usize> =
                    (0..ty.rank()).filter(|axis| func.ty(args[0]).shape[*axis] != ty.shape[*axis]).collect();
                self.tie_but(args[0], y, &stretched);
            }
            Prim::Reshape(_) => self.tie_reshaped(args[0], y),
            Prim::Permute(p) => p.axes.iter().enumerate().for_each(|(i, j)| self.tie((y, i), (args[0], *j))),
            Prim::Reduce(p) => self.tie_but(args[0], y, &p.axes),
            Prim::ArgReduce(p) => self.tie_but(args[0], y, &[p.axis]),
            Prim::Slice(_) | Prim::SliceAssign(_) => args.iter().for_each(|x| self.tie_but(*x, y, &[])),
            Prim::Cat(p) => {
                args.iter().chain([&y]).for_each(|x| self.fix(*x, p.axis));
                args.iter().for_each(|x| self.tie_but(*x, y, &[p.axis]));
            }
            Prim::Gather(p) => {
                self.fix(args[0], p.axis);
                self.tie_but(args[0], y, &[p.axis]);
                self.tie_but(args[1], y, &[]);
            }
            Prim::Scatter(p) => {
                self.fix(y, p.axis);
                self.tie_but(args[0], y, &[]);
                self.tie_but(args[1], y, &[p.axis]);
                self.tie_but(args[2], args[1], &[]);
            }
            Prim::IndexSelect(p) => {
                self.fix(args[0], p.axis);
                self.tie_but(args[0], y, &[p.axis]);
                self.tie((args[1], 0), (y, p.axis));
            }
            Prim::IndexAdd(p) => {
                self.fix(y, p.axis);
                self.tie_but(args[0], y, &[]);
                self.tie_but(args[2], y, &[p.axis]);
                self.tie((args[1], 0), (args[2], p.axis));
            }
            Prim::Matmul(_) => {
                let n = ty.rank();
                for (x, summed) in [(args[0], n - 1), (args[1], n - 2)] {
                    let stretched = (0..n - 2).filter(|axis| func.ty(x).shape[*axis] != ty.shape[*axis]);
                    self.tie_but(x, y, &stretched.chain([summed]).collect::<Vec<_>>());
                }
                self.tie((args[0], n - 1), (args[1], n - 2));
            }
            _ => args.iter().chain([&y]).for_each(|x| self.fix_all(*x)),
        }
    }

    fn shape(&mut self, value: Var) -> Vec<usize> {
        let func = self.func;
        let length = |(axis, length): (usize, &usize)| {
            let root = self.root(value, axis);
            if self.fixed[root] { *length } else { SHORT.min(*length) }
        };
        func.ty(value).shape.iter().enumerate().map(length).collect()
    }
}

/// The primitive for a result of type `ty` in place of `old`.
fn resized(prim: &Prim, old: &TensorType, ty: &TensorType) -> Prim {
    let shape = ty.shape.clone();
    // What spans all of an axis spans all of a short one; other axes have kept their length.
    let spanned = |spans: &[SliceRange]| {
        let span = |((own, n), short): ((&SliceRange, &usize), &usize)| match *own == SliceRange::full(*n) {
            true => SliceRange::full(*short),
            false => *own,
        };
        spans.iter().zip(&old.shape).zip(&shape).map(span).collect()
    };
    match prim {
        Prim::Input(p) => Prim::Input(Input { index: p.index, ty: ty.clone() }),
        Prim::Full(p) => Prim::Full(Full { value: p.value, ty: ty.clone() }),
        Prim::Random(p) if p.ty.rank() == ty.rank() => Prim::Random(Random { ty: ty.clone(), ..p.clone() }),
        Prim::Slice(p) => Prim::Slice(Slice { ranges: spanned(&p.ranges) }),
        Prim::SliceAssign(p) => Prim::SliceAssign(SliceAssign { ranges: spanned(&p.ranges) }),
        Prim::Broadcast(_) => Prim::Broadcast(Broadcast { shape }),
        Prim::Reshape(_) => Prim::Reshape(Reshape { shape }),
        prim => prim.clone(),
    }
}

/// The graph with short axes; `None` if none can be.
pub(super) fn shortened(func: &Func) -> Option<Func> {
    let mut axes = Axes::new(func);
    (0..func.eqns().len()).for_each(|k| axes.constrain(Var::new(k)));
    let short = |(k, eqn): (usize, &Eqn)| {
        let ty = eqn.ty.with_shape(axes.shape(Var::new(k)));
        Eqn { prim: resized(&eqn.prim, &eqn.ty, &ty), args: eqn.args.clone(), ty }
    };
    let eqns: Vec<Eqn> = func.eqns().iter().enumerate().map(short).collect();
    let differs = eqns.iter().zip(func.eqns()).any(|(short, own)| short.ty != own.ty);
    let (inputs, outputs) = (func.inputs().to_vec(), func.outputs().to_vec());
    let func = Func { eqns, inputs, outputs, defaults: func.defaults };
    (differs && func.verify().is_ok()).then_some(func)
}

#[cfg(test)]
mod tests {
    use burn::tensor::activation::{log_softmax, relu, softmax};
    use burn::tensor::{Device, Distribution, Int, Tensor};

    use super::*;
    use crate::{Tree, grad, trace};

    fn random<const D: usize>(shape: [usize; D]) -> Tensor<D> {
        Tensor::random(shape, Distribution::Default, &Device::flex())
    }

    /// The inputs' shapes with short axes.
    fn shapes(func: &Func) -> Vec<Vec<usize>> {
        let short = shortened(func).expect("some axis can be short");
        short.inputs().iter().map(|v| short.ty(*v).shape.clone()).collect()
    }

    #[track_caller]
    fn of_gradient<A: Tree>(f: impl Fn(A) -> Tensor<1>, args: A, expected: &[&[usize]]) {
        let traced = trace(grad(f), &args).expect("the function can be traced");
        assert_eq!(shapes(traced.func()), expected, "{traced}");
    }

    #[test]
    fn batches_and_layers_are_short_and_classes_stay() {
        let loss = |(w, b, v, x, labels): (Tensor<2>, Tensor<2>, Tensor<2>, Tensor<2>, Tensor<1, Int>)| {
            let logits = relu(x.matmul(w) + b).matmul(v);
            log_softmax(logits, 1).gather(1, labels.reshape([-1, 1])).mean().neg()
        };
        let labels = Tensor::<1, Int>::zeros([64], &Device::flex());
        let args = (random([784, 256]), random([1, 256]), random([256, 10]), random([64, 784]), labels);
        let traced = trace(loss, &args).expect("the function can be traced");
        assert_eq!(shapes(traced.func()), [vec![5, 5], vec![1, 5], vec![5, 10], vec![5, 5], vec![5]]);
    }

    #[test]
    fn axes_that_are_split_or_joined_stay() {
        let f = |x: Tensor<4>| (x.reshape([48, 1, 7]).powi_scalar(2).sum_dim(0)).exp().sum();
        of_gradient(f, random([6, 8, 1, 7]), &[&[6, 8, 1, 5]]);
        let f =
            |x: Tensor<2>| x.clone().reshape([1, 6, 9, 1]).exp().reshape([6, 9]).matmul(x.transpose()).sum();
        of_gradient(f, random([6, 9]), &[&[5, 5]]);
    }

    #[test]
    fn axes_that_are_counted_along_stay() {
        let f = |x: Tensor<2>| x.clone().slice([0..8, 2..5]).exp().sum() + x.max_dim(1).sum();
        of_gradient(f, random([8, 9]), &[&[5, 9]]);
        let f = |(x, y): (Tensor<2>, Tensor<2>)| Tensor::cat(vec![x, y], 1).powi_scalar(3).sum();
        of_gradient(f, (random([8, 9]), random([8, 7])), &[&[5, 9], &[5, 7]]);
        let indices = Tensor::<1, Int>::zeros([30], &Device::flex());
        let f = |(x, indices): (Tensor<2>, Tensor<1, Int>)| {
            grad(|x: Tensor<2>| x.select(0, indices.clone()).exp().mean())(&x)
        };
        let traced = trace(f, &(random([100, 9]), indices)).expect("the function can be traced");
        assert_eq!(shapes(traced.func()), [vec![100, 5], vec![5]]);
        of_gradient(|x: Tensor<2>| x.prod_dim(0).exp().sum(), random([8, 9]), &[&[8, 5]]);
    }

    #[test]
    fn attention_is_short_along_all_axes() {
        let f = |(q, k, v): (Tensor<3>, Tensor<3>, Tensor<3>)| {
            (softmax(q.matmul(k.swap_dims(1, 2)) / 4.0, 2).matmul(v)).powi_scalar(2).mean()
        };
        let args = (random([8, 12, 16]), random([8, 20, 16]), random([8, 20, 24]));
        of_gradient(f, args, &[&[5, 5, 5], &[5, 5, 5], &[5, 5, 5]]);
    }

    #[test]
    fn where_nothing_can_be_short_there_is_no_short_graph() {
        let traced = trace(|x: Tensor<2>| x.slice([0..7, 1..8]).sum(), &random([9, 9])).unwrap();
        assert_eq!(shortened(traced.func()), None);
        let traced = trace(|x: Tensor<2>| x.reshape([3, 4, 10]).exp().sum(), &random([6, 20])).unwrap();
        assert_eq!(shortened(traced.func()), None);
        let traced = trace(|x: Tensor<2>| x.exp().sum(), &random([5, 3])).unwrap();
        assert_eq!(shortened(traced.func()), None);
    }
}
