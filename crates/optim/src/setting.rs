//! The types that a recipe's settings can have, and the ranges that their numbers must lie in.

use std::ops::Range;

use crate::text::{Call, Value};

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

/// A setting that is one of a few words.
pub(crate) trait Word: Copy + PartialEq + 'static {
    /// All, with their words.
    const ALL: &'static [(Self, &'static str)];
}

impl<T: Word> Setting for T {
    fn read(value: &Value) -> Option<Self> {
        let Value::Call(Call { name, arguments }) = value else { return None };
        let found = T::ALL.iter().find(|(_, word)| arguments.is_empty() && word == name);
        found.map(|(value, _)| *value)
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
    };
}
pub(crate) use words;

words! {
    /// Which axis of a weight counts the outputs of its layer.
    pub enum Layout {
        /// Burn's: the last of two axes, since a linear layer's weight is `[in, out]`; the first of more, since a
        /// convolution's is `[out, in, …]`.
        Burn = "burn",
        /// PyTorch's: the first, `[out, in, …]`.
        Torch = "torch",
        /// Flax's and so optax's: the last, `[…, in, out]`.
        Flax = "flax",
    }
}

impl Layout {
    /// The axis of outputs, for a tensor of two axes or more.
    pub fn outputs(self, shape: &[usize]) -> usize {
        match self {
            Layout::Burn if shape.len() == 2 => 1,
            Layout::Burn | Layout::Torch => 0,
            Layout::Flax => shape.len() - 1,
        }
    }

    /// The axes that an output sums over, as optax and pytorch_optimizer clip; none for a tensor of fewer than two axes
    /// longer than one.
    pub fn inputs(self, shape: &[usize]) -> Option<Range<usize>> {
        if shape.iter().filter(|n| **n != 1).count() < 2 {
            return None;
        }
        Some(match (self, shape.len()) {
            (Layout::Burn, 2) | (Layout::Flax, 2 | 3) => 0..1,
            (Layout::Torch, 2 | 3) => 1..2,
            (Layout::Burn | Layout::Torch, axes) => 1..axes,
            (Layout::Flax, axes) => 0..axes - 1,
        })
    }
}
