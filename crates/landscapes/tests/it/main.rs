//! Landscapes, beside the laws that each of them is held to.
//!
//! One program, since each would have all of Burn in it.

mod analysis;
mod goldens;
mod randomness;
mod single;
