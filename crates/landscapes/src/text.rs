//! Landscapes as text: `name(inner, argument=value, …)`.

pub(crate) use thalweg_text::{Call, Value};

use crate::error::{Error, Result};

const EXAMPLE: &str = "a landscape as `rosenbrock(n=10)` or `rotate(ellipsoid(condition=1e6), seed=1)`";

/// Reads a call; the whole text must belong to it.
pub(crate) fn parse(text: &str) -> Result<Call> {
    let call = thalweg_text::read(text, EXAMPLE).map_err(Error::Syntax)?;
    check(text, &call)?;
    Ok(call)
}

/// Only what is decorated has no name, and stands in front.
fn check(text: &str, call: &Call) -> Result<()> {
    if let Some(inner) = inner(call) {
        check(text, inner)?;
    }
    let rest = call.arguments.iter().skip(usize::from(inner(call).is_some()));
    match rest.into_iter().find(|(name, _)| name.is_none()) {
        Some((_, value)) => Err(Error::Syntax(format!("In `{text}`, `{value}` has no name; write {EXAMPLE}."))),
        None => Ok(()),
    }
}

/// What a call decorates.
pub(crate) fn inner(call: &Call) -> Option<&Call> {
    match call.arguments.first() {
        Some((None, Value::Call(inner))) => Some(inner),
        _ => None,
    }
}

/// The numbers of an argument: one, or a list.
pub(crate) fn numbers(value: &Value) -> Option<Vec<f64>> {
    match value {
        Value::Number(number) => Some(vec![*number]),
        Value::List(values) => {
            values.iter().map(|value| if let Value::Number(n) = value { Some(*n) } else { None }).collect()
        }
        _ => None,
    }
}

/// The argument of this name, if it is one number.
pub(crate) fn number(call: &Call, name: &str) -> Option<f64> {
    match call.named(name) {
        Some(Value::Number(value)) => Some(*value),
        _ => None,
    }
}
