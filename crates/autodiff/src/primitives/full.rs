use std::ops::RangeInclusive;

use burn_dispatch::DispatchDevice;

use crate::device::{self, Handle};
use crate::ir::{Call, Defaults, Expr, Literal, TensorType};
use crate::primitives::{Rule, RuleArgs};

/// A constant that has one number everywhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Full {
    /// The number.
    pub value: Literal,
    /// The type of the result.
    pub ty: TensorType,
}

impl Rule for Full {
    fn name(&self) -> String {
        "full".into()
    }

    fn attributes(&self) -> String {
        self.value.to_string()
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("full").then(|| Ok(Full { value: call.value("")?.parse()?, ty: call.out.clone() }))
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
        unreachable!("a constant has no operands, so it is never batched")
    }

    fn run(&self, _args: Vec<Handle>, out: &TensorType, device: &DispatchDevice) -> Handle {
        device::full(self.value, out, device)
    }
}
