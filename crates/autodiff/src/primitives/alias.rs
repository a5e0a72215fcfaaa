use burn_dispatch::DispatchDevice;

use crate::device::Handle;
use crate::ir::{Call, Defaults, Expr, TensorType};
use crate::primitives::{Adjoints, Prim, Rule, RuleArgs};

/// The operand itself, told apart from it: the argument of an operator inside a trace, so that a derivative with
/// respect to it does not see other uses of the operand. Finished graphs have none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Alias {
    /// Keeps aliases of one operand apart.
    pub tag: u32,
}

impl Rule for Alias {
    fn name(&self) -> String {
        "alias".into()
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        // A finished graph has none.
        call.is("alias").then(|| Ok(Alias { tag: call.number("")? as u32 }))
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        Ok(args[0].clone())
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        at.t[0]
    }

    fn transpose<'b>(&self, _x: &[Expr<'b>], _linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        Some(vec![Some(ct)])
    }

    fn vmap<'b>(&self, _batch_size: usize, x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        let b = x[0].b;
        b.push(Prim::Alias(Alias { tag: b.fresh_tag() }), x)
    }

    fn run(&self, mut args: Vec<Handle>, _out: &TensorType, _device: &DispatchDevice) -> Handle {
        args.swap_remove(0)
    }
}
