//! Landscapes as text: `name(inner, argument=value, …)`.

use std::fmt;

use crate::error::{Error, Result};

/// The value of an argument.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Argument {
    Number(f64),
    List(Vec<f64>),
}

/// A name with its arguments; a decorator has the landscape that it decorates in front of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    pub name: String,
    pub inner: Option<Box<Call>>,
    pub arguments: Vec<(String, Argument)>,
}

impl Call {
    /// The argument of this name, if it is one number.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.argument(name) {
            Some(Argument::Number(value)) => Some(*value),
            _ => None,
        }
    }

    /// The argument of this name.
    pub fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }
}

/// The shorter of the two decimal forms; both read back exactly.
struct Number(f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (plain, exponential) = (format!("{}", self.0), format!("{:e}", self.0));
        f.write_str(if exponential.len() < plain.len() { &exponential } else { &plain })
    }
}

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Argument::Number(value) => Number(*value).fmt(f),
            Argument::List(values) => {
                let all: Vec<String> = values.iter().map(|v| Number(*v).to_string()).collect();
                write!(f, "[{}]", all.join(", "))
            }
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.inner.iter().map(|inner| inner.to_string());
        let arguments = self.arguments.iter().map(|(name, value)| format!("{name}={value}"));
        let all: Vec<String> = inner.chain(arguments).collect();
        match all.is_empty() {
            true => f.write_str(&self.name),
            false => write!(f, "{}({})", self.name, all.join(", ")),
        }
    }
}

/// Reads a call; the whole text must belong to it.
pub(crate) fn parse(text: &str) -> Result<Call> {
    let mut reader = Reader { text, at: 0 };
    let call = reader.call()?;
    match reader.peek() {
        None => Ok(call),
        Some(_) => Err(reader.unexpected("the end")),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// The next character that is no space.
    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text[self.at..].chars().next()
    }

    fn take(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += if found { c.len_utf8() } else { 0 };
        found
    }

    fn unexpected(&self, wanted: &str) -> Error {
        let rest = match &self.text[self.at..] {
            "" => "the text ends".to_string(),
            rest => format!("stands `{rest}`"),
        };
        Error::Syntax(format!(
            "In `{}`, {rest} where {wanted} is expected; write a landscape as `rosenbrock(n=10)` or \
             `rotate(ellipsoid(condition=1e6), seed=1)`.",
            self.text
        ))
    }

    fn word(&mut self, wanted: &str, belongs: impl Fn(char) -> bool) -> Result<&'a str> {
        self.peek();
        let rest = &self.text[self.at..];
        let end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        if end == 0 {
            return Err(self.unexpected(wanted));
        }
        self.at += end;
        Ok(&rest[..end])
    }

    fn name(&mut self, wanted: &str) -> Result<&'a str> {
        self.word(wanted, |c| c.is_alphanumeric() || c == '_')
    }

    fn number(&mut self) -> Result<f64> {
        let start = self.at;
        let word = self.word("a number", |c| c.is_alphanumeric() || "+-._".contains(c))?;
        let number = word.parse().ok().filter(|n: &f64| n.is_finite());
        number.ok_or_else(|| {
            self.at = start;
            self.unexpected("a number")
        })
    }

    fn call(&mut self) -> Result<Call> {
        let name = self.name("a name")?;
        let mut call = Call { name: name.into(), inner: None, arguments: vec![] };
        if !self.take('(') || self.take(')') {
            return Ok(call);
        }
        loop {
            self.argument(&mut call)?;
            if self.take(')') {
                return Ok(call);
            }
            if !self.take(',') {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
    }

    fn argument(&mut self, call: &mut Call) -> Result<()> {
        let start = self.at;
        let name = self.name("an argument")?;
        if !self.take('=') {
            if call.inner.is_some() || !call.arguments.is_empty() {
                return Err(self.unexpected("`=`"));
            }
            self.at = start;
            call.inner = Some(Box::new(self.call()?));
            return Ok(());
        }
        if call.argument(name).is_some() {
            return Err(Error::Syntax(format!("In `{}`, `{name}` is given twice; give it once.", self.text)));
        }
        let value = if self.take('[') {
            let mut values = vec![];
            while !self.take(']') {
                values.push(self.number()?);
                if !self.take(',') && self.peek() != Some(']') {
                    return Err(self.unexpected("`,` or `]`"));
                }
            }
            Argument::List(values)
        } else {
            Argument::Number(self.number()?)
        };
        call.arguments.push((name.into(), value));
        Ok(())
    }
}
