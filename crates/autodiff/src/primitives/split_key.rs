use burn::tensor::TensorData;
use burn_dispatch::DispatchDevice;

use super::shapes::{batched_shape, with_batch_axis};
use crate::device::{self, Handle};
use crate::ir::{Call, Defaults, Expr, TensorType};
use crate::keys::{Philox, read_keys};
use crate::primitives::{Prim, Rule, RuleArgs};

/// One key for each element of a batch, from one key; the batch axis comes in front.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SplitKey {
    /// How many keys.
    pub count: usize,
}

impl Rule for SplitKey {
    fn name(&self) -> String {
        "split_key".into()
    }

    fn attributes(&self) -> String {
        self.count.to_string()
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("split_key").then(|| Ok(SplitKey { count: call.number("")? }))
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        Ok(args[0].with_shape(batched_shape(self.count, &args[0].shape)))
    }

    fn linearize<'b>(&self, _at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        None
    }

    fn vmap<'b>(&self, _batch_size: usize, x: &[Expr<'b>], batched: &[bool]) -> Expr<'b> {
        // The new batch axis stands in front of the outer ones; put it behind.
        let keys = x[0].b.push(Prim::SplitKey(self.clone()), &[with_batch_axis(x[0], batched[0])]);
        keys.swap(0, 1)
    }

    fn run(&self, mut args: Vec<Handle>, out: &TensorType, device: &DispatchDevice) -> Handle {
        let keys = read_keys(args.swap_remove(0));
        let split: Vec<i64> = (0..self.count as u32)
            .flat_map(|element| keys.iter().map(move |k| Philox::child(*k, element)))
            .collect();
        device::upload(TensorData::new(split, out.shape.clone()), out, device)
    }
}
