//! What compiled programs compute.
//!
//! One program, since each would have all of Burn in it.

mod common;
mod finish;
mod finite;
mod invariance;
mod laws;
mod programs;
mod random_graphs;
mod soundness;
mod updates;
mod whole_numbers;
