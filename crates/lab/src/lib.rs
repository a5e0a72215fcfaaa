//! The laboratory: which optimizer, learning rate and initializer, on which terrain, with what certainty.
//!
//! ```text
//! Study ── plan ──▶ jobs ── run ──▶ Store ── summarize ──▶ Summary ──▶ report, tables, exports
//! ```
//!
//! A [`Study`](study::Study) crosses problems with optimizers and initializers. Each job is one optimizer on one problem: trials
//! of its settings on instances for tuning, then the best of them on other instances, which are what is reported
//! ([`compare`]). Runs that differ only in numbers are lanes of one compiled program. What is finished goes to a [`store`]
//! at once, under a [name](run::RunName) that follows from all that determines a run; so a study that is killed goes on where
//! it was, and a changed one reuses what still applies. [`statistics`] and the [`report`] are pure functions of the store.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use thalweg_lab::compare::{Options, compare};
//! use thalweg_lab::store::Store;
//! use thalweg_lab::study::Study;
//! use thalweg_lab::summary::{summarize, table};
//!
//! let study = Study::from_toml(r#"
//!     name = "Two optimizers in a ravine"
//!     [[part]]
//!     title = "Rosenbrock"
//!     problems = ["rosenbrock(n=2)"]
//!     optimizers = ["adam", "lbfgs"]
//!     budget = 500
//!     tuning = { strategy = "grid", trials = 7, lr = [1e-4, 1.0] }
//! "#)?;
//! let options = Options { jobs: 2, compute_missing: true, stop: &AtomicBool::new(false) };
//! let compared = compare(&study, &[], &Store::in_memory()?, &options, &|_| {})?;
//! println!("{}", table(&summarize(&study, &[], &compared.parts)?, 100));
//! # Ok::<(), thalweg_lab::Error>(())
//! ```

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
