use rustc_hash::FxHashMap;

use super::between;
use crate::ir::{Builder, Expr, Var};

/// Tangents of `ys` for tangents `ts` of `xs`; `None` where a value does not depend on them.
pub(crate) fn jvp<'b>(
    b: &'b Builder,
    xs: &[Expr<'b>],
    ts: &[Option<Expr<'b>>],
    ys: &[Expr<'b>],
) -> Vec<Option<Expr<'b>>> {
    let moving: Vec<Expr> = xs.iter().zip(ts).filter(|(_, t)| t.is_some()).map(|(x, _)| *x).collect();
    let needed = between(b, &moving, ys);
    let mut tangents: Vec<Option<Expr>> = vec![None; needed.len()];
    // The first of equal operands counts.
    let given: FxHashMap<Var, Option<Expr>> = xs.iter().zip(ts).rev().map(|(x, t)| (x.var, *t)).collect();
    for (i, _) in needed.iter().enumerate().filter(|(_, needed)| **needed) {
        let var = Var(i as u32);
        if let Some(t) = given.get(&var) {
            tangents[i] = *t;
            continue;
        }
        let (prim, args, is_float) = {
            let eqn = b.eqn(var);
            (eqn.prim.clone(), eqn.args.clone(), eqn.ty.is_float())
        };
        if is_float {
            let x: Vec<Expr> = args.iter().map(|a| b.expr(*a)).collect();
            let t: Vec<Option<Expr>> = args.iter().map(|a| tangents[a.index()]).collect();
            if t.iter().any(Option::is_some) {
                tangents[i] = prim.linearize(&x, b.expr(var), &t);
            }
        }
    }
    ys.iter().map(|y| tangents.get(y.var.index()).copied().flatten()).collect()
}
