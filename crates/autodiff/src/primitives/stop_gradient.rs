use burn_dispatch::DispatchDevice;

use crate::device::Handle;
use crate::ir::{Builder, Call, Defaults, Expr, TensorType};
use crate::primitives::{Prim, Rule, RuleArgs};

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

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        Ok(args[0].clone())
    }

    fn simplify<'b>(&self, _b: &'b Builder, args: &[Expr<'b>]) -> Option<Expr<'b>> {
        matches!(args[0].prim(), Prim::StopGradient(_) | Prim::Full(_) | Prim::Constant(_)).then(|| args[0])
    }

    fn linearize<'b>(&self, _at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        None
    }

    fn vmap<'b>(&self, _batch_size: usize, x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        x[0].b.push(Prim::StopGradient(StopGradient), x)
    }

    fn run(&self, mut args: Vec<Handle>, _out: &TensorType, _device: &DispatchDevice) -> Handle {
        args.swap_remove(0)
    }
}
