//! What a graph's values are to the compiler, before anything has a place in memory.

mod contract;
mod epilogue;
mod indices;
mod schedule;
mod value;

use thalweg_autodiff::Func;

pub(crate) use indices::{CallerIndices, caller_indices};
pub(crate) use schedule::{FusionGroup, ScheduleItem, schedule};
pub(crate) use value::{Def, ElementOp, Values, View, is_aligned};

/// The values of a graph: what each is, which products have an epilogue, and which are rounded together with a sum.
pub(crate) fn analyze(func: &Func) -> Values<'_> {
    let mut values = Values::new(func);
    epilogue::fuse_epilogues(&mut values);
    values.contracted = contract::contracted(&values);
    values
}
