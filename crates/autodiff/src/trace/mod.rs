//! Runs a function once on Burn's capture device and turns the recording into a [`Func`](crate::Func).
//!
//! Arguments are placeholders without data. Operators called inside record a marker and are expanded on import, so
//! the outermost operator is the only one that opens a session, and nesting needs no further care.

pub(crate) mod capture;
pub(crate) mod marker;
pub(crate) mod quiet;
mod session;
mod traced;

pub(crate) use session::{Recording, Session, record};
pub(crate) use traced::{Inputs, is_traced, run_leaves};
pub use traced::{Traced, trace};
