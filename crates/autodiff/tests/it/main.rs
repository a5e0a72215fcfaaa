//! The differentiator as its users meet it, beside the laws and the random graphs that it is held to.
//!
//! One program, since each would have all of Burn in it.

mod check;
mod conventions;
mod detach;
mod errors;
mod graph_text;
mod modules;
mod nesting;
mod random;
mod unmodified;
