use rustc_hash::{FxHashMap, FxHashSet};

use super::{between, jvp};
use crate::ir::{Builder, Expr, Var};
use crate::primitives::{Alias, Prim};

/// Adjoints of `xs` for adjoints `cts` of `ys`: the gradient of `Σ ⟨ct, y⟩`. `None` where no `y` depends on an `x`.
pub(crate) fn vjp<'b>(
    b: &'b Builder,
    xs: &[Expr<'b>],
    ys: &[Expr<'b>],
    cts: &[Expr<'b>],
) -> Vec<Option<Expr<'b>>> {
    let placeholder = |x: &Expr<'b>| {
        let alias = Prim::Alias(Alias { tag: b.fresh_tag() });
        x.is_float().then(|| b.push(alias, &[x.zeros()]))
    };
    let ts: Vec<Option<Expr>> = xs.iter().map(placeholder).collect();
    let linear = jvp(b, xs, &ts, ys);
    let (outs, cts): (Vec<Expr>, Vec<Expr>) =
        linear.iter().zip(cts).filter_map(|(t, ct)| Some(((*t)?, *ct))).unzip();
    let ins: Vec<Expr> = ts.iter().flatten().copied().collect();
    let mut adjoints = transpose(b, &ins, &outs, &cts);
    ts.iter().map(|t| t.and_then(|t| adjoints.remove(&t.var))).collect()
}

/// Transposes the linear equations that lead from `ins` to `outs`.
fn transpose<'b>(
    b: &'b Builder,
    ins: &[Expr<'b>],
    outs: &[Expr<'b>],
    cts: &[Expr<'b>],
) -> FxHashMap<Var, Expr<'b>> {
    let linear = between(b, ins, outs);
    let given: FxHashSet<Var> = ins.iter().map(|x| x.var).collect();
    let is_linear = |v: Var| linear.get(v.index()).copied().unwrap_or(false);
    let mut adjoints: FxHashMap<Var, Expr> = FxHashMap::default();
    let add = |adjoints: &mut FxHashMap<Var, Expr<'b>>, v: Var, ct: Expr<'b>| {
        adjoints.entry(v).and_modify(|sum| *sum = *sum + ct).or_insert(ct);
    };
    for (out, ct) in outs.iter().zip(cts) {
        add(&mut adjoints, out.var, *ct);
    }
    for i in (0..linear.len()).rev().filter(|i| linear[*i]) {
        let var = Var(i as u32);
        if given.contains(&var) {
            continue;
        }
        let Some(ct) = adjoints.remove(&var) else { continue };
        let (prim, args) = {
            let eqn = b.eqn(var);
            (eqn.prim.clone(), eqn.args.clone())
        };
        let flags: Vec<bool> = args.iter().map(|a| is_linear(*a)).collect();
        let x: Vec<Expr> = args.iter().map(|a| b.expr(*a)).collect();
        match prim.transpose(&x, &flags, ct) {
            Some(parts) => {
                for ((arg, part), _) in args.iter().zip(parts).zip(&flags).filter(|(_, linear)| **linear) {
                    if let Some(part) = part {
                        add(&mut adjoints, *arg, part);
                    }
                }
            }
            None => b.fault(format!("{prim} stands in a linear part, but has no adjoint there")),
        }
    }
    adjoints
}
