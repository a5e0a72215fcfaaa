//! Training, from data to checkpoints.
//!
//! One program, since each would have all of Burn in it.

#![allow(deprecated)] // Burn discourages ndarray, which stays the second device that everything must run on.

#[path = "../common/mod.rs"]
mod common;

mod alike;
mod checkpoint;
mod data;
mod every_module;
mod fit;
mod mlp;
mod networks;
mod options;
mod trainer;
