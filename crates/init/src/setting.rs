//! The types that a scheme's settings can have, and the ranges that their numbers must lie in.

use crate::text::Value;

/// Where the number of a setting must lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// No restriction beyond the type.
    Any,
    /// Every finite number.
    Finite,
    /// Finite and not negative.
    NonNegative,
    /// Finite and above zero.
    Positive,
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
            Domain::Unit => (0.0..=1.0).contains(&x),
            Domain::AtLeastOne => x.is_finite() && x >= 1.0,
            Domain::AtLeastTwo => x.is_finite() && x >= 2.0,
        }
    }

    fn says(self) -> &'static str {
        match self {
            Domain::Any => "",
            Domain::Finite => " that is finite",
            Domain::NonNegative => " of at least 0",
            Domain::Positive => " above 0",
            Domain::Unit => " from 0 to 1",
            Domain::AtLeastOne => " of at least 1",
            Domain::AtLeastTwo => " of at least 2",
        }
    }
}

/// A type of settings.
pub trait Setting: Sized {
    /// The setting from text, if it is of this type.
    fn read(value: &Value) -> Option<Self>;

    /// The setting as text.
    fn write(&self) -> Value;

    /// Whether its number lies in a domain.
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
            Value::Word(_) => None,
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

/// A setting that is one of a few words.
pub(crate) trait Word: Copy + PartialEq + 'static {
    /// All, with their words; the first word of a value is the one it prints as.
    const ALL: &'static [(Self, &'static str)];
}

impl<T: Word> Setting for T {
    fn read(value: &Value) -> Option<Self> {
        let Value::Word(given) = value else { return None };
        T::ALL.iter().find(|(_, word)| word == given).map(|(value, _)| *value)
    }

    fn write(&self) -> Value {
        let found = T::ALL.iter().find(|(value, _)| value == self);
        Value::Word(found.map_or("", |(_, word)| word).into())
    }

    fn expected(_: Domain) -> String {
        let all: Vec<String> = T::ALL.iter().map(|(_, word)| format!("`{word}`")).collect();
        format!("one of {}", all.join(", "))
    }
}

/// Declares the words that a setting can be.
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

        impl $crate::setting::Word for $Type {
            const ALL: &'static [(Self, &'static str)] = &[$(($Type::$Variant, $word)),*];
        }

        impl std::str::FromStr for $Type {
            type Err = $crate::Error;

            fn from_str(word: &str) -> $crate::Result<Self> {
                let value = $crate::text::Value::Word(word.into());
                <$Type as $crate::setting::Setting>::read(&value).ok_or_else(|| {
                    let all = <$Type as $crate::setting::Word>::ALL.iter().map(|(_, word)| *word);
                    let list = <$Type as $crate::setting::Setting>::expected($crate::setting::Domain::Any);
                    $crate::error::unknown(stringify!($Type), word, all, &format!("it is {list}"))
                })
            }
        }
    };
}
pub(crate) use words;
