//! Schemes as text: `name(setting=value, …)`.

pub use thalweg_text::{Call, Value};

use crate::error::{Error, Result};

/// Reads a call; the whole text must belong to it.
///
/// # Errors
/// [`Error::Syntax`] with the part that could not be read.
pub fn read(text: &str) -> Result<Call> {
    let example = "`xavier_uniform` or `kaiming_normal(mode=fan_out, nonlinearity=relu)`";
    let call = thalweg_text::read(text, example).map_err(Error::Syntax)?;
    match call.arguments.iter().find(|(name, _)| name.is_none()) {
        Some((_, value)) => Err(Error::Syntax(format!(
            "In `{text}`, `{value}` has no name; write `setting=value`, for instance {example}."
        ))),
        None => Ok(call),
    }
}
