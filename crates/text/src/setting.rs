//! The types that settings can have, and the ranges that their numbers must lie in.

use crate::{Call, Value};

/// Where the numbers of a setting must lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// No restriction beyond the type: switches and words.
    Any,
    /// Every finite number.
    Finite,
    /// Finite and not negative.
    NonNegative,
    /// Finite and above zero.
    Positive,
    /// From zero to below one: what an average keeps of its past.
    Decay,
    /// From zero to one, both included.
    Unit,
    /// Finite and at least one.
    AtLeastOne,
    /// Finite and at least two.
    AtLeastTwo,
}

impl Domain {
    /// Whether a number lies in it.
    pub fn contains(self, x: f64) -> bool {
        match self {
            Domain::Any => true,
            Domain::Finite => x.is_finite(),
            Domain::NonNegative => x.is_finite() && x >= 0.0,
            Domain::Positive => x.is_finite() && x > 0.0,
            Domain::Decay => (0.0..1.0).contains(&x),
            Domain::Unit => (0.0..=1.0).contains(&x),
            Domain::AtLeastOne => x.is_finite() && x >= 1.0,
            Domain::AtLeastTwo => x.is_finite() && x >= 2.0,
        }
    }

    /// What to say of a number that must lie in it.
    fn says(self) -> &'static str {
        match self {
            Domain::Any => "",
            Domain::Finite => " that is finite",
            Domain::NonNegative => " of at least 0",
            Domain::Positive => " above 0",
            Domain::Decay => " from 0 to below 1",
            Domain::Unit => " from 0 to 1",
            Domain::AtLeastOne => " of at least 1",
            Domain::AtLeastTwo => " of at least 2",
        }
    }
}

/// A type of settings.
pub trait Setting: Sized {
    /// Whether it may be given without its name.
    const BY_PLACE: bool = false;

    /// The setting from text, if it is of this type.
    fn read(value: &Value) -> Option<Self>;

    /// The setting as text.
    fn write(&self) -> Value;

    /// Whether all its numbers lie in a domain.
    fn lies_in(&self, domain: Domain) -> bool {
        let _ = domain;
        true
    }

    /// What it must be, after "must be".
    fn expected(domain: Domain) -> String;
}

impl Setting for f64 {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Number(value) => Some(*value),
            _ => None,
        }
    }

    fn write(&self) -> Value {
        Value::Number(*self)
    }

    fn lies_in(&self, domain: Domain) -> bool {
        domain.contains(*self)
    }

    fn expected(domain: Domain) -> String {
        format!("a number{}", domain.says())
    }
}

impl Setting for usize {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Number(n) if *n >= 0.0 && n.fract() == 0.0 && *n <= 2f64.powi(53) => Some(*n as usize),
            _ => None,
        }
    }

    fn write(&self) -> Value {
        Value::Number(*self as f64)
    }

    fn lies_in(&self, domain: Domain) -> bool {
        domain.contains(*self as f64)
    }

    fn expected(domain: Domain) -> String {
        format!("a whole number{}", if domain == Domain::Any { " of at least 0" } else { domain.says() })
    }
}

impl Setting for bool {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    fn write(&self) -> Value {
        Value::Bool(*self)
    }

    fn expected(_: Domain) -> String {
        "`true` or `false`".into()
    }
}

impl<T: Setting> Setting for Option<T> {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::None => Some(None),
            other => T::read(other).map(Some),
        }
    }

    fn write(&self) -> Value {
        self.as_ref().map_or(Value::None, T::write)
    }

    fn lies_in(&self, domain: Domain) -> bool {
        self.as_ref().is_none_or(|value| value.lies_in(domain))
    }

    fn expected(domain: Domain) -> String {
        format!("`none` or {}", T::expected(domain))
    }
}

impl<T: Setting> Setting for Vec<T> {
    const BY_PLACE: bool = T::BY_PLACE;

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::List(values) => values.iter().map(T::read).collect(),
            _ => None,
        }
    }

    fn write(&self) -> Value {
        Value::List(self.iter().map(T::write).collect())
    }

    fn lies_in(&self, domain: Domain) -> bool {
        self.iter().all(|value| value.lies_in(domain))
    }

    fn expected(domain: Domain) -> String {
        format!("a list of which each is {}", T::expected(domain))
    }
}

/// A setting that is one of a few words; [`words!`](crate::words) declares it.
pub trait Word: Copy + PartialEq + 'static {
    /// All, with their words; the first word of a value is the one it prints as.
    const ALL: &'static [(Self, &'static str)];
}

impl<T: Word> Setting for T {
    fn read(value: &Value) -> Option<Self> {
        let given = value.as_word()?;
        T::ALL.iter().find(|(_, word)| *word == given).map(|(value, _)| *value)
    }

    fn write(&self) -> Value {
        let found = T::ALL.iter().find(|(value, _)| value == self);
        Value::Call(Call::word(found.map_or("", |(_, word)| word)))
    }

    fn expected(_: Domain) -> String {
        let all: Vec<String> = T::ALL.iter().map(|(_, word)| format!("`{word}`")).collect();
        format!("one of {}", all.join(", "))
    }
}

/// Declares the words that a setting can be.
///
/// ```
/// thalweg_text::words! {
///     /// Which way.
///     pub enum Way {
///         /// Down.
///         Down = "down",
///         /// Up.
///         Up = "up",
///     }
/// }
/// assert_eq!(thalweg_text::Setting::write(&Way::Up).to_string(), "up");
/// ```
#[macro_export]
macro_rules! words {
    (
        $(#[doc = $doc:literal])*
        pub enum $Type:ident { $( $(#[doc = $each:literal])* $Variant:ident = $word:literal, )* }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $Type {
            $( $(#[doc = $each])* $Variant, )*
        }

        impl $crate::Word for $Type {
            const ALL: &'static [(Self, &'static str)] = &[$(($Type::$Variant, $word)),*];
        }
    };
}
