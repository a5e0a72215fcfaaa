//! Schemes as text: `name(setting=value, …)`.

use std::fmt;

use crate::error::{Error, Result};

/// What a setting can be in text.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `1e-3`.
    Number(f64),
    /// `relu`: one of a few words.
    Word(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(value) => {
                // The shorter of the two decimal forms; both read back exactly.
                let (plain, exponential) = (format!("{value}"), format!("{value:e}"));
                f.write_str(if exponential.len() < plain.len() { &exponential } else { &plain })
            }
            Value::Word(word) => f.write_str(word),
        }
    }
}

/// A scheme's name with its settings by name, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// What is called.
    pub name: String,
    /// The settings that are given.
    pub settings: Vec<(String, Value)>,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<String> = self.settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
        match all.is_empty() {
            true => f.write_str(&self.name),
            false => write!(f, "{}({})", self.name, all.join(", ")),
        }
    }
}

/// Reads a call; the whole text must belong to it.
///
/// # Errors
/// [`Error::Syntax`] with the part that could not be read.
pub fn read(text: &str) -> Result<Call> {
    let problem = |part: &str, wanted: &str| {
        Error::Syntax(format!(
            "In `{text}`, `{part}` stands where {wanted} is expected; write `xavier_uniform` or \
             `kaiming_normal(mode=fan_out, nonlinearity=relu)`."
        ))
    };
    let is_name = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_alphanumeric() || c == '_');
    let (name, rest) = match text.trim().split_once('(') {
        Some((name, rest)) => (name.trim(), Some(rest)),
        None => (text.trim(), None),
    };
    if !is_name(name) {
        return Err(problem(name, "a name"));
    }
    let mut call = Call { name: name.into(), settings: vec![] };
    let Some(rest) = rest else { return Ok(call) };
    let inside = rest.strip_suffix(')').ok_or_else(|| problem(rest, "a closing `)` at the end"))?;
    for part in inside.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (setting, value) = part.split_once('=').ok_or_else(|| problem(part, "`setting=value`"))?;
        let (setting, value) = (setting.trim(), value.trim());
        if !is_name(setting) {
            return Err(problem(setting, "the name of a setting"));
        }
        if call.settings.iter().any(|(own, _)| own == setting) {
            return Err(Error::Syntax(format!("In `{text}`, `{setting}` is given twice; give it once.")));
        }
        let value = match value.parse::<f64>() {
            Ok(number) => Value::Number(number),
            Err(_) if is_name(value) => Value::Word(value.into()),
            Err(_) => return Err(problem(value, "a number or a word")),
        };
        call.settings.push((setting.into(), value));
    }
    Ok(call)
}
