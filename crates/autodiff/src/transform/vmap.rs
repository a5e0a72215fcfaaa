//! Vectorization: one function over a whole batch as one graph, by each primitive's batching rule.

use rustc_hash::FxHashSet;

use crate::ir::{Builder, Expr, Var};
use crate::primitives::shapes::broadcast_to_batch;
use crate::primitives::{Prim, SplitKey};

/// Values of `ys` over a batch of `batch_size` elements, where `xs` stand for one element each of `batches`.
///
/// Equations from number `start` on belong to the function; what they draw at random is drawn for each element.
pub(crate) fn vmap<'b>(
    b: &'b Builder,
    start: usize,
    batch_size: usize,
    xs: &[Expr<'b>],
    batches: &[Expr<'b>],
    ys: &[Expr<'b>],
) -> Vec<Expr<'b>> {
    let end = ys.iter().map(|y| y.var.index() + 1).max().unwrap_or(0);
    let mut needed = vec![false; end];
    ys.iter().for_each(|y| needed[y.var.index()] = true);
    let element: FxHashSet<usize> = xs.iter().map(|x| x.var.index()).collect();
    for i in (start..end).rev() {
        if needed[i] && !element.contains(&i) {
            b.eqn(Var(i as u32)).args.iter().for_each(|a| needed[a.index()] = true);
        }
    }
    let mut batched: Vec<Option<Expr>> = vec![None; end];
    for (x, batches) in xs.iter().zip(batches) {
        if let Some(place) = batched.get_mut(x.var.index()) {
            *place = Some(*batches);
        }
    }
    for i in (start..end).filter(|i| needed[*i]) {
        let var = Var(i as u32);
        if batched[i].is_some() {
            continue;
        }
        let (prim, args) = {
            let eqn = b.eqn(var);
            (eqn.prim.clone(), eqn.args.clone())
        };
        let mut flags: Vec<bool> = args.iter().map(|a| batched[a.index()].is_some()).collect();
        let mut x: Vec<Expr> = args.iter().map(|a| batched[a.index()].unwrap_or_else(|| b.expr(*a))).collect();
        if matches!(prim, Prim::Random(_)) && !flags[0] {
            x[0] = b.push(Prim::SplitKey(SplitKey { count: batch_size }), &[x[0]]);
            flags[0] = true;
        }
        if flags.contains(&true) {
            batched[i] = Some(prim.vmap(batch_size, &x, &flags));
        }
    }
    let result = |y: &Expr<'b>| match batched[y.var.index()] {
        Some(value) => value,
        None => broadcast_to_batch(*y, false, batch_size),
    };
    ys.iter().map(result).collect()
}
