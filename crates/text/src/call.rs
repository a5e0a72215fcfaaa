//! What text says, once it is read.

use std::fmt;

/// What a setting can be in text.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `none`: a setting that is off.
    None,
    /// `true` or `false`.
    Bool(bool),
    /// `1e-3`.
    Number(f64),
    /// `cosine`: one of a few words, or a name with its settings, `adam(lr=1e-3)`.
    Call(Call),
    /// `[0.9, 0.99]`.
    List(Vec<Value>),
}

/// A name with what stands in its parentheses, in order; what is not named has no name.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// What is called.
    pub name: String,
    /// The arguments, by name or by place.
    pub arguments: Vec<(Option<String>, Value)>,
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Value::Number(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

impl Call {
    /// A name alone.
    pub fn word(name: &str) -> Self {
        Call { name: name.into(), arguments: vec![] }
    }

    /// A name with named arguments.
    pub fn with<N: Into<String>>(name: &str, arguments: impl IntoIterator<Item = (N, Value)>) -> Self {
        let arguments = arguments.into_iter().map(|(name, value)| (Some(name.into()), value)).collect();
        Call { name: name.into(), arguments }
    }

    /// The argument of this name.
    pub fn named(&self, name: &str) -> Option<&Value> {
        self.arguments.iter().find(|(own, _)| own.as_deref() == Some(name)).map(|(_, value)| value)
    }
}

impl Value {
    /// The word, if it is one.
    pub fn as_word(&self) -> Option<&str> {
        match self {
            Value::Call(call) if call.arguments.is_empty() => Some(&call.name),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::None => f.write_str("none"),
            Value::Bool(value) => value.fmt(f),
            Value::Number(value) => {
                // The shorter of the two decimal forms; both read back exactly.
                let (plain, exponential) = (format!("{value}"), format!("{value:e}"));
                f.write_str(if exponential.len() < plain.len() { &exponential } else { &plain })
            }
            Value::Call(call) => call.fmt(f),
            Value::List(values) => {
                let all: Vec<String> = values.iter().map(Value::to_string).collect();
                write!(f, "[{}]", all.join(", "))
            }
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = self.arguments.iter().map(|(name, value)| match name {
            Some(name) => format!("{name}={value}"),
            None => value.to_string(),
        });
        let all: Vec<String> = each.collect();
        match all.is_empty() {
            true => f.write_str(&self.name),
            false => write!(f, "{}({})", self.name, all.join(", ")),
        }
    }
}
