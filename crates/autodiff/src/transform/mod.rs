//! Transformations of graphs: derivatives, forward by each primitive's one rule and reverse by transposing what those rules
//! write, and `vmap`.
//!
//! No primitive is named here. `jvp` carries tangents forward; `vjp` carries placeholders forward and then
//! transposes the linear equations that came out. As both only push equations, they nest to any order.

mod jvp;
mod vjp;
pub(crate) mod vmap;

pub(crate) use jvp::jvp;
pub(crate) use vjp::vjp;

use rustc_hash::FxHashSet;

use crate::ir::{Builder, Expr};

/// For each equation up to the last of `to`, whether one of `to` needs it and it needs one of `from`; `from`
/// themselves count, what they are made of does not.
pub(crate) fn between(b: &Builder, from: &[Expr<'_>], to: &[Expr<'_>]) -> Vec<bool> {
    let end = to.iter().map(|y| y.var.index() + 1).max().unwrap_or(0);
    let mut depends = vec![false; end];
    from.iter().filter(|x| x.var.index() < end).for_each(|x| depends[x.var.index()] = true);
    let start = from.iter().map(|x| x.var.index()).min().unwrap_or(end);
    for i in start..end {
        depends[i] = depends[i] || b.eqn(crate::ir::Var(i as u32)).args.iter().any(|a| depends[a.index()]);
    }
    let mut needed = vec![false; end];
    to.iter().for_each(|y| needed[y.var.index()] = true);
    let first: FxHashSet<usize> = from.iter().map(|x| x.var.index()).collect();
    for i in (start..end).rev() {
        needed[i] &= depends[i];
        if needed[i] && !first.contains(&i) {
            b.eqn(crate::ir::Var(i as u32)).args.iter().for_each(|a| needed[a.index()] = true);
        }
    }
    needed[..start.min(end)].fill(false);
    needed
}
