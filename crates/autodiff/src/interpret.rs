//! Runs a [`Func`] on whatever device the user has, through Burn's dispatch.
//!
//! A [`Program`] is made once per graph: it knows which equation is the last to use a value (so that it is freed, or reused by
//! Burn in place), and which constants and broadcasts Burn takes as they are.

use burn_backend::TensorMetadata;
use burn_backend::ops::ActivationOps;
use burn_dispatch::DispatchDevice;
use rustc_hash::FxHashSet;

use crate::device::{B, Handle, of_type};
use crate::error::{Error, Result};
use crate::ir::{Func, Literal, TensorType, Var};
use crate::primitives::elementwise::Elementwise;
use crate::primitives::{Full, Prim};

/// The highest rank that every device of Burn runs.
const MAX_RANK: usize = 6;

/// How a step is run.
enum Action {
    /// As the primitive says.
    Plain,
    /// With constant operand number `.0` given as a number.
    Scalar(usize, Literal),
    /// Burn's derivative of relu, which is a selection in the graph.
    ReluBackward,
}

struct Step {
    action: Action,
    prim: Prim,
    /// Slot of each operand, and whether this is its last use.
    args: Vec<(usize, bool)>,
    out: usize,
    ty: TensorType,
}

/// A graph planned for running.
pub(crate) struct Program {
    steps: Vec<Step>,
    /// Slot of each input; `None` where nothing uses it.
    inputs: Vec<Option<usize>>,
    types: Vec<TensorType>,
    outputs: Vec<(usize, bool)>,
    slots: usize,
    widest: Option<TensorType>,
}

/// Operands of a step as the device takes them.
fn operands(func: &Func, var: Var) -> (Action, Vec<Var>) {
    let eqn = &func.eqns()[var.index()];
    let Prim::Elementwise(op) = &eqn.prim else { return (Action::Plain, eqn.args.clone()) };
    let prim = |v: Var| &func.eqns()[v.index()].prim;
    if let (Elementwise::Select, Prim::Elementwise(Elementwise::Le)) = (op, prim(eqn.args[0])) {
        let compared = &func.eqns()[eqn.args[0].index()].args;
        let is_zero = |v: Var| matches!(prim(v), Prim::Full(Full { value, .. }) if value.value() == 0.0);
        if is_zero(eqn.args[1]) && is_zero(compared[1]) && func.ty(compared[0]) == func.ty(eqn.args[2]) {
            return (Action::ReluBackward, vec![compared[0], eqn.args[2]]);
        }
    }
    for (at, arg) in eqn.args.iter().enumerate() {
        let Prim::Full(Full { value, ty }) = prim(*arg) else { continue };
        if op.row().run.takes_scalar(at, ty) {
            let mut args = eqn.args.clone();
            args.remove(at);
            return (Action::Scalar(at, *value), args);
        }
    }
    let mut args = eqn.args.clone();
    if args.len() == 2 {
        // Burn stretches axes of length one of either operand, so long as the other has the full shape.
        let own = |v: Var| match prim(v) {
            Prim::Broadcast(_) => func.eqns()[v.index()].args[0],
            _ => v,
        };
        let (a, b) = (own(args[0]), own(args[1]));
        if func.ty(b).shape == eqn.ty.shape {
            args[0] = a;
        } else if func.ty(args[0]).shape == eqn.ty.shape {
            args[1] = b;
        }
    }
    (Action::Plain, args)
}

impl Program {
    pub fn new(func: &Func) -> Self {
        let n = func.eqns().len();
        let mut planned: Vec<Option<(Action, Vec<Var>)>> = (0..n).map(|_| None).collect();
        let mut live = vec![false; n];
        func.outputs().iter().for_each(|o| live[o.index()] = true);
        for i in (0..n).rev() {
            if live[i] {
                let (action, args) = operands(func, Var(i as u32));
                args.iter().for_each(|a| live[a.index()] = true);
                planned[i] = Some((action, args));
            }
        }
        let mut last = vec![usize::MAX; n];
        for (i, step) in planned.iter().enumerate() {
            step.iter().flat_map(|(_, args)| args).for_each(|a| last[a.index()] = i);
        }
        let returned: FxHashSet<Var> = func.outputs().iter().copied().collect();
        let mut steps = Vec::new();
        for (i, (eqn, step)) in func.eqns().iter().zip(planned).enumerate() {
            let Some((action, args)) = step else { continue };
            if matches!(eqn.prim, Prim::Input(_)) {
                continue;
            }
            let arg = |(k, a): (usize, &Var)| {
                (a.index(), last[a.index()] == i && !returned.contains(a) && !args[k + 1..].contains(a))
            };
            let args = args.iter().enumerate().map(arg).collect();
            steps.push(Step { action, prim: eqn.prim.clone(), args, out: i, ty: eqn.ty.clone() });
        }
        // From the last to the first: the last of equal results takes the value.
        let mut taken = FxHashSet::default();
        let mut outputs: Vec<(usize, bool)> =
            func.outputs().iter().rev().map(|o| (o.index(), taken.insert(*o))).collect();
        outputs.reverse();
        Program {
            inputs: func.inputs().iter().map(|v| live[v.index()].then_some(v.index())).collect(),
            types: func.inputs().iter().map(|v| func.ty(*v).clone()).collect(),
            widest: steps.iter().map(|s: &Step| &s.ty).max_by_key(|ty| ty.rank()).cloned(),
            steps,
            outputs,
            slots: n,
        }
    }

    /// Runs on the device that the inputs are on.
    ///
    /// # Errors
    /// `Error::Argument` if an input has another type than the program was made for; `Error::Device` if a value has
    /// a rank that no device of Burn runs.
    pub fn run(&self, inputs: Vec<Handle>, device: &DispatchDevice) -> Result<Vec<Handle>> {
        if let Some(ty) = self.widest.as_ref().filter(|ty| ty.rank() > MAX_RANK) {
            return Err(Error::Device(format!(
                "The computation needs a value {ty}, but Burn's devices run at most rank {MAX_RANK}. Reshape before \
                 batching, or batch over fewer axes at a time."
            )));
        }
        if inputs.len() < self.inputs.iter().flatten().count() || inputs.len() > self.inputs.len() {
            return Err(Error::Argument(format!(
                "The arguments hold {} tensors, but this function was traced for {}. Trace it again for the new \
                 arguments.",
                inputs.len(),
                self.inputs.len()
            )));
        }
        let mut slots: Vec<Option<Handle>> = Vec::new();
        slots.resize_with(self.slots, || None);
        for (k, input) in inputs.into_iter().enumerate() {
            let ty = TensorType::new(input.shape().to_vec(), input.dtype());
            if ty != self.types[k] {
                return Err(Error::Argument(format!(
                    "Argument number {k} is {ty}, but this function was traced for {}. Trace it again for the new \
                     shape, or call the operator, which traces by itself.",
                    self.types[k]
                )));
            }
            if let Some(slot) = self.inputs[k] {
                slots[slot] = Some(input);
            }
        }
        for step in &self.steps {
            let take = |(slot, last): &(usize, bool)| {
                let value = if *last { slots[*slot].take() } else { slots[*slot].clone() };
                value.expect("planned: a value is defined before its uses and freed after the last")
            };
            let args: Vec<Handle> = step.args.iter().map(take).collect();
            let value = match (&step.action, &step.prim) {
                (Action::Scalar(at, value), Prim::Elementwise(op)) => {
                    op.row().run.call_scalar(args, *at, *value, &step.ty)
                }
                (Action::ReluBackward, _) => {
                    let [output, grad] = <[Handle; 2]>::try_from(args).expect("planned with two operands");
                    B::relu_backward(output, grad)
                }
                _ => of_type(step.prim.run(args, &step.ty, device), &step.ty),
            };
            slots[step.out] = Some(value);
        }
        let give = |(slot, last): &(usize, bool)| {
            let value = if *last { slots[*slot].take() } else { slots[*slot].clone() };
            value.expect("planned: every output is defined")
        };
        Ok(self.outputs.iter().map(give).collect())
    }
}
