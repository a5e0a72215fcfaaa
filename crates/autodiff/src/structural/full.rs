use std::ops::RangeInclusive;

use burn_dispatch::DispatchDevice;

use crate::ir::{Call, Defaults, Expr, Literal, Type};
use crate::prim::{At, Rule};
use crate::run::{self, Handle};

/// A constant that has one number everywhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Full {
    /// The number.
    pub value: Literal,
    /// The type of the result.
    pub ty: Type,
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

    fn infer(&self, _args: &[&Type], _: &Defaults) -> Result<Type, String> {
        Ok(self.ty.clone())
    }

    fn linearize<'b>(&self, _at: &At<'_, 'b>) -> Option<Expr<'b>> {
        None
    }

    fn batch<'b>(&self, _lanes: usize, _x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        unreachable!("a constant has no operands, so it is never batched")
    }

    fn run(&self, _args: Vec<Handle>, out: &Type, device: &DispatchDevice) -> Handle {
        run::full(self.value, out, device)
    }
}
