//! Optimizers, solvers and schedules, over their registries and one by one.
//!
//! One program, since each would have all of Burn in it.

#[path = "../support/goldens.rs"]
mod goldens;

mod calls;
mod common;
mod compiled;
mod edges;
mod modules;
mod outcomes;
mod plateaus;
mod registry;
mod schedules;
mod solver_goldens;
mod solver_modules;
mod solvers;
mod translation;
