//! Names with settings as text, `name(inner, setting=value, …)`: how optimizers, schedules, initializers and landscapes are
//! written in programs, on the command line and in files.
//!
//! [`read`] makes a [`Call`] of text, and a call prints as what reads back to the same. What settings can be is in
//! [`Setting`], which numbers are allowed in [`Domain`], and [`unknown`] says of a misspelt name what was probably meant.
//!
//! ```
//! use thalweg_text::{Setting, read};
//!
//! let call = read("lookahead(sgd(lr=1e-1), k=5)", "`sgd(lr=0.1)`").unwrap();
//! assert_eq!(call.named("k").and_then(usize::read), Some(5));
//! assert_eq!(call.to_string(), "lookahead(sgd(lr=0.1), k=5)");
//! assert_eq!(
//!     read("sgd(lr=)", "`sgd(lr=0.1)`").unwrap_err(),
//!     "In `sgd(lr=)`, stands `)` where a value is expected; write `sgd(lr=0.1)`."
//! );
//! ```

mod call;
mod names;
mod reader;
mod setting;

pub use call::{Call, Value};
pub use names::{nearest, unknown};
pub use reader::{read, value};
pub use setting::{Domain, Setting, Word};
