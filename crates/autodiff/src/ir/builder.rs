use std::cell::{Cell, Ref, RefCell};
use std::hash::{Hash, Hasher};

use burn::tensor::DType;
use rustc_hash::{FxHashMap, FxHasher};

use super::{Eqn, Expr, Func, Literal, TensorType, Var};
use crate::error::{Error, Result};
use crate::primitives::{Input, Prim};

/// Element types that a device uses when the code does not say: what a comparison or an index search gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Defaults {
    pub int: DType,
    pub bool: DType,
}

/// A graph under construction.
///
/// `push` shares equal equations and simplifies. A shape error in a pushed equation is a defect of this crate,
/// since Burn has checked the user's shapes while recording; it is kept and given by [`Builder::finish`].
pub(crate) struct Builder {
    eqns: RefCell<Vec<Eqn>>,
    shared: RefCell<FxHashMap<u64, Vec<Var>>>,
    inputs: RefCell<Vec<Var>>,
    tags: Cell<u32>,
    fault: RefCell<Option<String>>,
    pub defaults: Defaults,
}

impl Builder {
    pub fn new(defaults: Defaults) -> Self {
        Self {
            eqns: RefCell::default(),
            shared: RefCell::default(),
            inputs: RefCell::default(),
            tags: Cell::new(0),
            fault: RefCell::default(),
            defaults,
        }
    }

    pub fn len(&self) -> usize {
        self.eqns.borrow().len()
    }

    pub fn eqn(&self, var: Var) -> Ref<'_, Eqn> {
        Ref::map(self.eqns.borrow(), |e| &e[var.index()])
    }

    pub fn expr(&self, var: Var) -> Expr<'_> {
        Expr { b: self, var }
    }

    /// A number that no other call on this builder gets; it keeps equations apart that must not be shared.
    pub fn fresh_tag(&self) -> u32 {
        self.tags.replace(self.tags.get() + 1)
    }

    pub fn input(&self, ty: TensorType) -> Expr<'_> {
        let index = self.inputs.borrow().len();
        let x = self.push(Prim::Input(Input { index, ty }), &[]);
        self.inputs.borrow_mut().push(x.var);
        x
    }

    pub fn literal(&self, value: Literal, ty: TensorType) -> Expr<'_> {
        self.push(Prim::Full(crate::primitives::full::Full { value, ty }), &[])
    }

    pub fn full(&self, value: f64, ty: &TensorType) -> Expr<'_> {
        self.literal(Literal::rounded_to(value, ty.dtype), ty.clone())
    }

    /// The defect of a rule, to be reported by `finish`.
    pub fn fault(&self, why: String) {
        self.fault.borrow_mut().get_or_insert(why);
    }

    pub fn push<'b>(&'b self, prim: Prim, args: &[Expr<'b>]) -> Expr<'b> {
        if let Some(same) = prim.simplify(self, args) {
            return same;
        }
        let vars: Vec<Var> = args.iter().map(|a| a.var).collect();
        let mut h = FxHasher::default();
        (&prim, &vars).hash(&mut h);
        let key = h.finish();
        if let Some(candidates) = self.shared.borrow().get(&key) {
            let eqns = self.eqns.borrow();
            let same = |v: &&Var| eqns[v.index()].prim == prim && eqns[v.index()].args == vars;
            if let Some(v) = candidates.iter().find(same) {
                return self.expr(*v);
            }
        }
        let ty = {
            let eqns = self.eqns.borrow();
            let types: Vec<&TensorType> = vars.iter().map(|v| &eqns[v.index()].ty).collect();
            prim.infer(&types, &self.defaults)
        };
        let ty = ty.unwrap_or_else(|why| {
            self.fault(format!("{prim}: {why}"));
            TensorType::new([1], DType::F32)
        });
        let var = Var(self.len() as u32);
        self.eqns.borrow_mut().push(Eqn { prim, args: vars, ty });
        self.shared.borrow_mut().entry(key).or_default().push(var);
        self.expr(var)
    }

    /// The finished graph of `outputs`: only what they need, without aliases, simplified once more.
    pub fn finish(self, outputs: &[Var]) -> Result<Func> {
        if let Some(why) = self.fault.into_inner() {
            return Err(Error::Internal(why));
        }
        let func = Func {
            eqns: self.eqns.into_inner(),
            inputs: self.inputs.into_inner(),
            outputs: outputs.to_vec(),
            defaults: self.defaults,
        };
        let live = func.prune();
        let rebuilt = Builder::new(live.defaults);
        let inputs: Vec<Expr> = live.inputs.iter().map(|v| rebuilt.input(live.ty(*v).clone())).collect();
        let values = live.replay(&rebuilt, &inputs);
        let outputs: Vec<Var> = live.outputs.iter().map(|o| values[o.index()].var).collect();
        let fault = rebuilt.fault.into_inner();
        let func = Func {
            eqns: rebuilt.eqns.into_inner(),
            inputs: rebuilt.inputs.into_inner(),
            outputs,
            defaults: live.defaults,
        }
        .prune();
        if let Some(why) = fault {
            return Err(Error::Internal(why));
        }
        #[cfg(debug_assertions)]
        func.verify().map_err(Error::Internal)?;
        Ok(func)
    }
}

impl Func {
    /// The graph without its last input, which nothing may depend on.
    pub(crate) fn without_last_input(mut self) -> Func {
        self.inputs.pop();
        self.prune()
    }

    /// Drops what no output needs; all inputs stay.
    fn prune(self) -> Func {
        let mut live = vec![false; self.eqns.len()];
        for v in self.outputs.iter().chain(&self.inputs) {
            live[v.index()] = true;
        }
        for i in (0..live.len()).rev() {
            if live[i] {
                self.eqns[i].args.iter().for_each(|a| live[a.index()] = true);
            }
        }
        let mut renamed = vec![Var(0); self.eqns.len()];
        let mut eqns = Vec::with_capacity(self.eqns.len());
        for (i, mut eqn) in self.eqns.into_iter().enumerate() {
            if live[i] {
                renamed[i] = Var(eqns.len() as u32);
                eqn.args.iter_mut().for_each(|a| *a = renamed[a.index()]);
                eqns.push(eqn);
            }
        }
        let rename = |vars: Vec<Var>| vars.into_iter().map(|v| renamed[v.index()]).collect();
        Func { eqns, inputs: rename(self.inputs), outputs: rename(self.outputs), defaults: self.defaults }
    }
}
