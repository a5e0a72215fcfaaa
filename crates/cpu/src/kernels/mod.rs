//! Loops over lanes, one for each operation, element type and instruction set.

mod finish;
mod float;
mod fused;
mod operation;
mod pack;
mod panels;
mod prefetch;
mod product;
mod table;
mod transpose;
mod update;

pub(crate) use finish::{Finish, FinishRows};
pub(crate) use float::Float;
pub(crate) use fused::{Chain, chain, chain_in_place};
pub(crate) use panels::{HEIGHT, Panels, is_for_panels, packed_length, width};
pub(crate) use prefetch::prefetch;
pub(crate) use product::{Product, Strided, most_beside};
pub(crate) use table::{Kind, cast, has_pointwise, mul_add, pointwise, spread, with_kind};
pub(crate) use transpose::Transpose;
pub(crate) use update::{PLACES, adam};

#[cfg(test)]
mod accuracy;
#[cfg(test)]
mod lanes;
