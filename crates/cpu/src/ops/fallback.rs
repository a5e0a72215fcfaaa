use burn::tensor::TensorData;
use thalweg_autodiff::{Eqn, Error, Result, Type, execute};

use crate::buffer::{Memory, Slot};
use crate::cost::Account;
use crate::op::{Site, Step};
use crate::pool::Team;

/// Burn's own operation, on copies of the operands.
pub(crate) struct Fallback {
    eqn: Eqn,
    inputs: Vec<(Slot, Type)>,
    to: Slot,
}

fn bytes(ty: &Type) -> usize {
    ty.num_elements() * ty.dtype.size()
}

impl Fallback {
    pub fn new(site: &Site) -> Self {
        let inputs = site.inputs.iter().map(|input| (input.slot, input.ty.clone())).collect();
        Fallback { eqn: site.eqn.clone(), inputs, to: site.output }
    }
}

impl Step for Fallback {
    unsafe fn run(&self, memory: Memory, _team: &Team) -> Result<()> {
        let read = |(slot, ty): &(Slot, Type)| {
            // SAFETY: a slot has the bytes of its type.
            let own = unsafe { std::slice::from_raw_parts(memory.slot(*slot).cast_const(), bytes(ty)) };
            TensorData::from_bytes_vec(own.to_vec(), ty.shape.clone(), ty.dtype)
        };
        let result = execute::evaluate(&self.eqn, self.inputs.iter().map(read).collect())?;
        let result = result.as_bytes();
        if result.len() != bytes(&self.eqn.ty) {
            let (prim, found, meant) = (&self.eqn.prim, result.len(), bytes(&self.eqn.ty));
            return Err(Error::Internal(format!("{prim} gave {found} bytes in place of {meant}")));
        }
        // SAFETY: the slot has the bytes of the equation's type, and so has the result.
        unsafe { std::ptr::copy_nonoverlapping(result.as_ptr(), memory.slot(self.to), result.len()) };
        Ok(())
    }

    fn account(&self) -> Account {
        let read: usize = self.inputs.iter().map(|(_, ty)| bytes(ty)).sum();
        Account {
            name: self.eqn.prim.to_string(),
            flops: 0,
            bytes: read + bytes(&self.eqn.ty),
            falls_back: true,
        }
    }
}
