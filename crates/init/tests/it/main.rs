//! Initializers, over the registry and one by one.
//!
//! One program, since each would have all of Burn in it.

mod depth;
mod distributions;
mod fans;
mod goldens;
mod mimetic;
mod plan;
