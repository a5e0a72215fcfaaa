use std::fmt;
use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::{Builder, Defaults, Expr, TensorType};
use crate::primitives::Prim;

/// The name of a value in a [`Func`]: the index of the equation that defines it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Var(pub(crate) u32);

impl Var {
    /// The value that the equation with this index in [`Func::eqns`] defines.
    pub fn new(index: usize) -> Self {
        Var(index as u32)
    }

    /// Index of the defining equation in [`Func::eqns`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for Var {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "%{}", self.0)
    }
}

/// One equation: a primitive applied to earlier values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Eqn {
    /// What is computed.
    pub prim: Prim,
    /// Its operands, all defined by earlier equations.
    pub args: Vec<Var>,
    /// The type of the result.
    pub ty: TensorType,
}

/// A function as a graph: inputs, equations in order of evaluation, outputs.
///
/// Every shape and element type is known. Printing it gives readable text:
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// let x = Tensor::<1>::from_floats([1.0, 2.0], &Device::flex());
/// let f = thalweg_autodiff::trace(|x: Tensor<1>| (x.clone() * x).sum(), &x)?;
/// assert_eq!(
///     f.func().to_string(),
///     "fn(%0: f32[2]) -> (%2)\n  %1: f32[2] = mul %0 %0\n  %2: f32[1] = sum(axes=[0]) %1\n"
/// );
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Func {
    pub(crate) eqns: Vec<Eqn>,
    pub(crate) inputs: Vec<Var>,
    pub(crate) outputs: Vec<Var>,
    pub(crate) defaults: Defaults,
}

impl Func {
    /// The equations, each using only values of earlier ones.
    pub fn eqns(&self) -> &[Eqn] {
        &self.eqns
    }

    /// The inputs, in calling order.
    pub fn inputs(&self) -> &[Var] {
        &self.inputs
    }

    /// The outputs, in returning order; one value may be returned twice.
    pub fn outputs(&self) -> &[Var] {
        &self.outputs
    }

    /// The type of a value.
    pub fn ty(&self, var: Var) -> &TensorType {
        &self.eqns[var.index()].ty
    }

    /// A hash of everything that determines what the function computes, constants included.
    pub fn fingerprint(&self) -> u64 {
        let mut h = FxHasher::default();
        self.eqns.hash(&mut h);
        self.outputs.hash(&mut h);
        h.finish()
    }

    /// Whether a value of the graph is drawn at random, so that running it needs a key.
    pub fn uses_rng(&self) -> bool {
        self.eqns.iter().any(|e| matches!(e.prim, Prim::Random(_)))
    }

    /// Checks every equation: operands are defined before use, each type is what the primitive's shape rule
    /// gives for the operands, inputs are numbered in order.
    ///
    /// # Errors
    /// A sentence that names the first equation that is wrong.
    pub fn verify(&self) -> Result<(), String> {
        for (i, eqn) in self.eqns.iter().enumerate() {
            let at = |why: String| format!("equation %{i} = {} is malformed: {why}", eqn.prim);
            if let Some(a) = eqn.args.iter().find(|a| a.index() >= i) {
                return Err(at(format!("it uses {a} before its definition")));
            }
            let args: Vec<&TensorType> = eqn.args.iter().map(|a| self.ty(*a)).collect();
            let ty = eqn.prim.infer(&args, &self.defaults).map_err(at)?;
            if ty != eqn.ty {
                return Err(at(format!("its type is {}, but the operands give {ty}", eqn.ty)));
            }
        }
        for (k, v) in self.inputs.iter().enumerate() {
            match self.eqns.get(v.index()).map(|e| &e.prim) {
                Some(Prim::Input(p)) if p.index == k => {}
                _ => return Err(format!("input {k} is bound to {v}, which is not input {k}")),
            }
        }
        match self.outputs.iter().find(|o| o.index() >= self.eqns.len()) {
            Some(o) => Err(format!("the output {o} is not defined")),
            None => Ok(()),
        }
    }

    /// Pushes the equations of this graph onto `b`, with `inputs` in place of its inputs; gives every value.
    pub(crate) fn replay<'b>(&self, b: &'b Builder, inputs: &[Expr<'b>]) -> Vec<Expr<'b>> {
        let mut values: Vec<Expr<'b>> = Vec::with_capacity(self.eqns.len());
        for eqn in &self.eqns {
            let value = match &eqn.prim {
                Prim::Input(p) => inputs[p.index],
                // An alias has done its work once the transform around it is expanded.
                Prim::Alias(_) => values[eqn.args[0].index()],
                prim => {
                    let args: Vec<Expr> = eqn.args.iter().map(|a| values[a.index()]).collect();
                    b.push(prim.clone(), &args)
                }
            };
            values.push(value);
        }
        values
    }
}
