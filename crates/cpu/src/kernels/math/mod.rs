//! Elementary functions without branches, so that the compiler makes them loops over vectors.
//!
//! Everything is computed in `f64` by [`wide`]; `f32` functions round its result once. A function that is only right on
//! a part of its domain has a guard beside it, and lanes outside go through `libm`, one by one.
//! `F` says whether the target has fused multiply–add.

pub(crate) mod single;
pub(crate) mod wide;
