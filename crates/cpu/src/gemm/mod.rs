//! Matrix products: kernels, packing, and the choice of an algorithm.

mod direct;
mod epilogue;
mod epilogue_args;
mod few_columns;
mod matrix;
mod pack;
mod packed;
mod panels;
mod small;
mod transpose;

pub(crate) use epilogue::Epilogue;

use crate::op::{Op, OpContext};

/// The algorithm for a product: packed panels where they pay, else one that reads the operands where they are; `None` for
/// element types that only Burn's operation takes.
pub(crate) fn choose(context: &OpContext) -> Option<Box<dyn Op>> {
    if let Some(op) = packed::PackedGemm::new(context) {
        return Some(Box::new(op));
    }
    direct::DirectGemm::new(context).map(|op| Box::new(op) as Box<dyn Op>)
}
