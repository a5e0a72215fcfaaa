//! Optimizers as text: `name(inner, setting=value, …)`.

pub use thalweg_text::{Call, Value};

use crate::error::{Error, Result};

const EXAMPLE: &str = "`adam(lr=1e-3, beta1=0.9)` or `lookahead(sgd(lr=0.1), k=5)`";

/// Reads a call; the whole text must belong to it. Python's spelling is understood too: `None`, `True`, tuples,
/// strings in quotes and names with dots.
///
/// # Errors
/// [`Error::Syntax`] with the place and what was expected there.
pub fn read(text: &str) -> Result<Call> {
    thalweg_text::read(text, EXAMPLE).map_err(Error::Syntax)
}

/// Reads a value; the whole text must belong to it.
///
/// # Errors
/// As [`read`].
pub fn value(text: &str) -> Result<Value> {
    thalweg_text::value(text, EXAMPLE).map_err(Error::Syntax)
}
