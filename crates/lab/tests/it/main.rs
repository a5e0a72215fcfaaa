//! Studies, from runs to what is said of them.
//!
//! One program, since each would have all of Burn in it.

mod checks;
mod facts;
mod identity;
mod runs;
mod statistics;
mod store;
mod studies;
