use burn_dispatch::DispatchDevice;

use crate::ir::{Builder, Call, Defaults, Expr, Type};
use crate::prim::{At, Prim, Rule};
use crate::run::Handle;

/// The operand itself, with derivative zero.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StopGradient;

impl Rule for StopGradient {
    fn name(&self) -> String {
        "stop_gradient".into()
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("stop_gradient").then_some(Ok(StopGradient))
    }

    fn infer(&self, args: &[&Type], _: &Defaults) -> Result<Type, String> {
        Ok(args[0].clone())
    }

    fn simplify<'b>(&self, _b: &'b Builder, args: &[Expr<'b>]) -> Option<Expr<'b>> {
        matches!(args[0].prim(), Prim::StopGradient(_) | Prim::Full(_) | Prim::Constant(_)).then(|| args[0])
    }

    fn linearize<'b>(&self, _at: &At<'_, 'b>) -> Option<Expr<'b>> {
        None
    }

    fn batch<'b>(&self, _lanes: usize, x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        x[0].b.push(Prim::StopGradient(StopGradient), x)
    }

    fn run(&self, mut args: Vec<Handle>, _out: &Type, _device: &DispatchDevice) -> Handle {
        args.swap_remove(0)
    }
}
