//! Vectorisation: one function over many lanes as one graph, by each primitive's batching rule.

use rustc_hash::FxHashSet;

use crate::ir::{Builder, Expr, Var};
use crate::primitives::shapes::broadcast_to_batch;
use crate::primitives::{Prim, SplitKey};

/// Values of `ys` over `lanes`, where the lanes of `xs` are the leading axes of `lanes_of`.
///
/// Equations from number `start` on belong to the function; what they draw at random is drawn for each lane.
pub(crate) fn vmap<'b>(
    b: &'b Builder,
    start: usize,
    lanes: usize,
    xs: &[Expr<'b>],
    lanes_of: &[Expr<'b>],
    ys: &[Expr<'b>],
) -> Vec<Expr<'b>> {
    let end = ys.iter().map(|y| y.var.index() + 1).max().unwrap_or(0);
    let mut needed = vec![false; end];
    ys.iter().for_each(|y| needed[y.var.index()] = true);
    let lane: FxHashSet<usize> = xs.iter().map(|x| x.var.index()).collect();
    for i in (start..end).rev() {
        if needed[i] && !lane.contains(&i) {
            b.eqn(Var(i as u32)).args.iter().for_each(|a| needed[a.index()] = true);
        }
    }
    let mut batched: Vec<Option<Expr>> = vec![None; end];
    for (x, lanes_of) in xs.iter().zip(lanes_of) {
        if let Some(slot) = batched.get_mut(x.var.index()) {
            *slot = Some(*lanes_of);
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
            x[0] = b.push(Prim::SplitKey(SplitKey { count: lanes }), &[x[0]]);
            flags[0] = true;
        }
        if flags.contains(&true) {
            batched[i] = Some(prim.vmap(lanes, &x, &flags));
        }
    }
    let result = |y: &Expr<'b>| match batched[y.var.index()] {
        Some(value) => value,
        None => broadcast_to_batch(*y, false, lanes),
    };
    ys.iter().map(result).collect()
}
