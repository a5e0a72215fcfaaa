use std::hash::{Hash, Hasher};
use std::sync::Arc;

use burn::tensor::TensorData;
use burn_dispatch::DispatchDevice;

use crate::ir::{Defaults, Expr, Type};
use crate::prim::{At, Rule};
use crate::run::{self, Handle};

/// A constant tensor: what the traced code created from host data or moved in from another device.
#[derive(Clone, Debug)]
pub struct Constant {
    /// The elements.
    pub data: Arc<TensorData>,
}

impl PartialEq for Constant {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&self.data, &other.data);
        Arc::ptr_eq(a, b) || a.shape() == b.shape() && a.dtype() == b.dtype() && a.as_bytes() == b.as_bytes()
    }
}

impl Eq for Constant {}

impl Hash for Constant {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.data.shape().to_vec().hash(state);
        self.data.as_bytes().hash(state);
    }
}

impl Rule for Constant {
    fn name(&self) -> String {
        "constant".into()
    }

    fn infer(&self, _args: &[&Type], _: &Defaults) -> Result<Type, String> {
        Ok(Type::new(self.data.shape().to_vec(), self.data.dtype()))
    }

    fn linearize<'b>(&self, _at: &At<'_, 'b>) -> Option<Expr<'b>> {
        None
    }

    fn batch<'b>(&self, _lanes: usize, _x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        unreachable!("a constant has no operands, so it is never batched")
    }

    fn run(&self, _args: Vec<Handle>, out: &Type, device: &DispatchDevice) -> Handle {
        run::upload((*self.data).clone(), out, device)
    }
}
