//! From text to calls.

use crate::{Call, Value};

/// Reads a call; the whole text must belong to it. Python's spelling is understood too: `None`, `True`, tuples,
/// strings in quotes and names with dots.
///
/// # Errors
/// A sentence with the place and what was expected there, which ends with the `example` of what to write.
pub fn read(text: &str, example: &str) -> Result<Call, String> {
    let mut reader = Reader { text, example, at: 0, depth: 0 };
    let call = reader.call()?;
    match reader.peek() {
        None => Ok(call),
        Some(_) => Err(reader.unexpected("the end")),
    }
}

/// Reads a value; the whole text must belong to it.
///
/// # Errors
/// As [`read`].
pub fn value(text: &str, example: &str) -> Result<Value, String> {
    let mut reader = Reader { text, example, at: 0, depth: 0 };
    let value = reader.value()?;
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.unexpected("the end")),
    }
}

/// How deep calls and lists may stand in one another: more than any use has, and few enough for the stack.
const DEEPEST: usize = 16;

struct Reader<'a> {
    text: &'a str,
    example: &'a str,
    at: usize,
    depth: usize,
}

type Result<T, E = String> = std::result::Result<T, E>;

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

    fn unexpected(&self, wanted: &str) -> String {
        let rest = match &self.text[self.at..] {
            "" => "the text ends".to_string(),
            rest => format!("stands `{rest}`"),
        };
        format!("In `{}`, {rest} where {wanted} is expected; write {}.", self.text, self.example)
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
        self.word(wanted, |c| c.is_alphanumeric() || "_.".contains(c))
    }

    fn number(&mut self) -> Result<f64> {
        let start = self.at;
        let word = self.word("a value", |c| c.is_alphanumeric() || "+-._".contains(c))?;
        word.parse().map_err(|_| {
            self.at = start;
            self.unexpected("a number")
        })
    }

    /// What `read` gives one level deeper.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth == DEEPEST {
            let start: String = self.text.chars().take(40).collect();
            return Err(format!(
                "The text that begins with `{start}` is nested deeper than {DEEPEST} levels; write fewer calls in one another."
            ));
        }
        self.depth += 1;
        let found = read(self)?;
        self.depth -= 1;
        Ok(found)
    }

    fn value(&mut self) -> Result<Value> {
        match self.peek() {
            Some('[') => self.deeper(|reader| reader.list('[', ']')),
            Some('(') => self.deeper(|reader| reader.list('(', ')')),
            Some(quote @ ('\'' | '"')) => {
                self.take(quote);
                let word = self.word("a word", |c| c != quote)?;
                self.take(quote);
                Ok(Value::Call(Call::word(word)))
            }
            Some(c) if c.is_alphabetic() || c == '_' => {
                let call = self.deeper(Self::call)?;
                Ok(match (call.name.as_str(), call.arguments.is_empty()) {
                    ("none" | "None", true) => Value::None,
                    ("true" | "True", true) => Value::Bool(true),
                    ("false" | "False", true) => Value::Bool(false),
                    ("inf" | "nan" | "NaN", true) => Value::Number(call.name.parse().unwrap_or(f64::NAN)),
                    _ => Value::Call(call),
                })
            }
            _ => Ok(Value::Number(self.number()?)),
        }
    }

    fn list(&mut self, open: char, close: char) -> Result<Value> {
        self.take(open);
        let mut values = vec![];
        while !self.take(close) {
            values.push(self.value()?);
            if !self.take(',') && self.peek() != Some(close) {
                return Err(self.unexpected(&format!("`,` or `{close}`")));
            }
        }
        Ok(Value::List(values))
    }

    fn call(&mut self) -> Result<Call> {
        let name = self.name("a name")?;
        let mut call = Call::word(name);
        if !self.take('(') {
            return Ok(call);
        }
        while !self.take(')') {
            let argument = self.argument()?;
            let given = argument.0.is_some() && call.arguments.iter().any(|(own, _)| *own == argument.0);
            if let (true, Some(name)) = (given, &argument.0) {
                return Err(format!("In `{}`, `{name}` is given twice; give it once.", self.text));
            }
            call.arguments.push(argument);
            if !self.take(',') && self.peek() != Some(')') {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
        Ok(call)
    }

    fn argument(&mut self) -> Result<(Option<String>, Value)> {
        let start = self.at;
        let Some(next) = self.peek() else { return Err(self.unexpected("an argument")) };
        if next.is_alphabetic() || next == '_' {
            let name = self.name("an argument")?;
            if self.take('=') {
                return Ok((Some(name.into()), self.value()?));
            }
            self.at = start;
        }
        Ok((None, self.value()?))
    }
}
