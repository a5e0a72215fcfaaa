use burn::tensor::TensorData;
use thalweg_autodiff::{Eqn, Error, Result, TensorType, executor};

use crate::buffer::{BufferId, Buffers};
use crate::cost::Cost;
use crate::op::{Op, OpContext};
use crate::pool::Team;

/// Burn's own operation, on copies of the operands.
pub(crate) struct Fallback {
    eqn: Eqn,
    inputs: Vec<(BufferId, TensorType)>,
    to: BufferId,
}

fn bytes(ty: &TensorType) -> usize {
    ty.num_elements() * ty.dtype.size()
}

impl Fallback {
    pub fn new(context: &OpContext) -> Self {
        let inputs = context.inputs.iter().map(|input| (input.buffer, input.ty.clone())).collect();
        Fallback { eqn: context.eqn.clone(), inputs, to: context.output }
    }
}

impl Op for Fallback {
    unsafe fn run(&self, buffers: Buffers, _team: &Team) -> Result<()> {
        let read = |(buffer, ty): &(BufferId, TensorType)| {
            // SAFETY: a buffer has the bytes of its type.
            let own = unsafe { std::slice::from_raw_parts(buffers.pointer(*buffer).cast_const(), bytes(ty)) };
            TensorData::from_bytes_vec(own.to_vec(), ty.shape.clone(), ty.dtype)
        };
        let result = executor::eval_eqn(&self.eqn, self.inputs.iter().map(read).collect())?;
        let result = result.as_bytes();
        if result.len() != bytes(&self.eqn.ty) {
            let (prim, found, meant) = (&self.eqn.prim, result.len(), bytes(&self.eqn.ty));
            return Err(Error::Internal(format!("{prim} gave {found} bytes in place of {meant}")));
        }
        // SAFETY: the buffer has the bytes of the equation's type, and so has the result.
        unsafe { std::ptr::copy_nonoverlapping(result.as_ptr(), buffers.pointer(self.to), result.len()) };
        Ok(())
    }

    fn cost(&self) -> Cost {
        let read: usize = self.inputs.iter().map(|(_, ty)| bytes(ty)).sum();
        Cost { name: self.eqn.prim.to_string(), flops: 0, bytes: read + bytes(&self.eqn.ty), falls_back: true }
    }
}
