//! Training, from data to checkpoints.
//!
//! One program, since each would have all of Burn in it.

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
mod random_modules;
mod trainer;
