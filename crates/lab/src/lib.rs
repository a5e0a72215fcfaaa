//! The laboratory: which optimizer, learning rate and initializer, on which terrain, with what certainty.
//!
//! ```text
//! Study ── plan ──▶ jobs ── run ──▶ Store ── summarize ──▶ Summary ──▶ report, tables, exports
//! ```
//!
//! A [`Study`](study::Study) crosses problems with optimizers and initializers. Each [job](compare) is one optimizer on one
//! problem: trials of its settings on instances for tuning, then the best of them on other instances, which are what is
//! reported. Runs that differ only in numbers are lanes of one compiled program. What is finished goes to a
//! [store](store) at once, under a [name](run::RunName) that follows from all that determines a run; so a study that is
//! killed goes on where it was, and a changed one reuses what still applies. [Statistics](statistics) and the
//! [report](report) are pure functions of the store.

pub mod compare;
mod error;
pub mod export;
pub mod method;
pub mod problem;
pub mod report;
pub mod run;
pub mod statistics;
pub mod store;
pub mod study;
pub mod summary;
pub mod task;

pub use error::{Error, Result};
