use std::ops::RangeInclusive;

use burn_dispatch::DispatchDevice;

use crate::device::Handle;
use crate::ir::{Call, Defaults, Expr, TensorType};
use crate::primitives::{Rule, RuleArgs};

/// An argument of the function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Input {
    /// Position among the arguments.
    pub index: usize,
    /// Its type.
    pub ty: TensorType,
}

impl Rule for Input {
    fn name(&self) -> String {
        "input".into()
    }

    fn attributes(&self) -> String {
        self.index.to_string()
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("input").then(|| Ok(Input { index: call.number("")?, ty: call.out.clone() }))
    }

    fn arity(&self) -> RangeInclusive<usize> {
        0..=0
    }

    fn infer(&self, _args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        Ok(self.ty.clone())
    }

    fn linearize<'b>(&self, _at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        None
    }

    fn vmap<'b>(&self, _batch_size: usize, _x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        unreachable!("an input has no operands, so it is never batched")
    }

    fn run(&self, _args: Vec<Handle>, _out: &TensorType, _device: &DispatchDevice) -> Handle {
        unreachable!("the executor binds inputs before it runs equations")
    }
}
