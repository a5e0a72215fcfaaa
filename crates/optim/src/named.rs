//! Types that have a name and settings, read from text and printed back: schedules and solvers.

use serde::de::{Deserialize, Deserializer, Error as _};

use crate::error::{Error, Result, unknown};
use crate::setting::{Domain, Setting};
use crate::text::{self, Call, Value};

/// A type with a name and settings; the macro `named!` declares one.
pub trait Named: Sized {
    /// Its name in text.
    const NAME: &'static str;

    /// What it does: its documentation, of which the first line is a summary.
    const DOC: &'static str;

    /// Its settings, in order.
    const SETTINGS: &'static [SettingInfo];

    /// One from its name and settings; those that are not given have their defaults.
    ///
    /// # Errors
    /// [`Error::Unknown`] for a setting that it does not have, [`Error::Hyperparameter`] for one that is missing, of
    /// another type or out of its range.
    fn from_call(call: &Call) -> Result<Self>;

    /// Its name, and those settings that have no default or are not at it.
    fn to_call(&self) -> Call;

    /// Its name and all settings, each by its name.
    fn to_full_call(&self) -> Call;

    /// That every setting lies in its range and they go together.
    ///
    /// # Errors
    /// [`Error::Hyperparameter`] with what a setting must be.
    fn check(&self) -> Result<()>;

    /// That the settings go together, each of which lies in its range.
    ///
    /// # Errors
    /// [`Error::Hyperparameter`] with the remedy.
    fn agree(&self) -> Result<()>;
}

/// What is known of a setting.
#[derive(Clone, Copy, Debug)]
pub struct SettingInfo {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// Its default, where it has one.
    pub default: Option<fn() -> Value>,
    /// Whether it must be given.
    pub is_required: bool,
    /// Where its numbers must lie.
    pub domain: Domain,
    /// Whether it may be given without its name.
    pub by_place: bool,
}

/// What is wrong with a call that stands as a setting, if it is meant as one of a kind of things.
pub(crate) trait Kind {
    /// The error that building it gives.
    fn problem(call: &Call) -> Option<Error>;
}

/// What a call gives, setting by setting.
pub(crate) struct Given<'a> {
    owner: &'static str,
    values: Vec<(&'a str, &'a Value)>,
}

impl<'a> Given<'a> {
    /// Sorts the arguments by setting; those without a name belong to the settings that may stand without one, in order.
    pub fn new<T: Named>(call: &'a Call) -> Result<Self> {
        let names: Vec<&str> = T::SETTINGS.iter().map(|s| s.name).collect();
        let list = format!("the settings of `{}` are {}", T::NAME, names.join(", "));
        let mut places = T::SETTINGS.iter().filter(|s| s.by_place);
        let mut values: Vec<(&str, &Value)> = vec![];
        for (name, value) in &call.arguments {
            let setting = match name {
                Some(name) => T::SETTINGS.iter().find(|s| s.name == name).ok_or_else(|| {
                    unknown(&format!("setting of `{}` named", T::NAME), name, names.iter().copied(), &list)
                })?,
                None => places.next().ok_or_else(|| {
                    Error::Syntax(format!("In `{call}`, `{value}` stands without a name; {list}."))
                })?,
            };
            if values.iter().any(|(own, _)| *own == setting.name) {
                return Err(Error::Syntax(format!(
                    "In `{call}`, `{}` is given twice; give it once.",
                    setting.name
                )));
            }
            values.push((setting.name, value));
        }
        Ok(Given { owner: T::NAME, values })
    }

    /// A setting that is given, or else its default. `K` is what may stand as a setting.
    pub fn setting<S: Setting, K: Kind>(&self, name: &str, domain: Domain, default: Option<S>) -> Result<S> {
        match (self.values.iter().find(|(own, _)| *own == name), default) {
            (Some((_, value)), _) => match S::read(value) {
                Some(read) => Ok(read),
                None => Err(inner::<K>(value, S::BY_PLACE)
                    .unwrap_or_else(|| refused::<S>(self.owner, name, domain, value))),
            },
            (None, Some(default)) => Ok(default),
            (None, None) => {
                Err(Error::Hyperparameter(format!("`{}` needs `{name}`, {}.", self.owner, S::expected(domain))))
            }
        }
    }
}

/// What is wrong inside of a value that holds something with settings of its own.
fn inner<K: Kind>(value: &Value, holds: bool) -> Option<Error> {
    match value {
        Value::Call(call) if holds => K::problem(call),
        Value::List(values) => values.iter().find_map(|value| inner::<K>(value, holds)),
        _ => None,
    }
}

fn refused<S: Setting>(owner: &str, name: &str, domain: Domain, value: &Value) -> Error {
    let expected = S::expected(domain);
    let given = match value {
        // Whoever puts a number into quotation marks reads why it is none.
        Value::Call(call) if call.arguments.is_empty() && call.name.parse::<f64>().is_ok() => {
            format!("the text `'{value}'`")
        }
        value => format!("`{value}`"),
    };
    Error::Hyperparameter(format!("`{name}` of `{owner}` must be {expected}, but it is {given}."))
}

/// That a setting's numbers lie where they must.
pub(crate) fn in_domain<S: Setting>(owner: &str, name: &str, domain: Domain, value: &S) -> Result<()> {
    match value.lies_in(domain) {
        true => Ok(()),
        false => Err(refused::<S>(owner, name, domain, &value.write())),
    }
}

/// Reads a named thing from its text.
pub(crate) fn from_text<'de, T: Named, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<T, D::Error> {
    let call = text::read(&String::deserialize(deserializer)?).map_err(D::Error::custom)?;
    match call.name == T::NAME {
        true => T::from_call(&call).map_err(D::Error::custom),
        false => Err(D::Error::custom(format!("`{}` stands where `{}` is expected.", call.name, T::NAME))),
    }
}

/// Declares a type with a name and settings: a struct, `Default` where every setting has one, [`Named`], and serde as its
/// text.
///
/// Each setting has a documentation, a type, optionally a default, and the range of its numbers. What stands in the first
/// brackets is what may stand as a setting; `with` adds a field that is none, and `agree` says whether the settings go
/// together.
macro_rules! named {
    (
        [$kind:ty]
        $(#[doc = $text:expr])*
        pub struct $Type:ident = $name:literal {
            $( $(#[doc = $doc:literal])* $field:ident: $Field:ty $(= $default:expr)?, in $domain:ident; )*
        }
        $(with $extra:ident: $Extra:ty = $init:expr;)?
        $(agree($own:ident) $agree:block)?
    ) => {
        $(#[doc = $text])*
        #[derive(Clone, Debug)]
        pub struct $Type {
            $( $(#[doc = $doc])* pub $field: $Field, )*
            $( $extra: $Extra, )?
        }

        impl $crate::named::Named for $Type {
            const NAME: &'static str = $name;

            const DOC: &'static str = concat!($($text, "\n"),*);

            const SETTINGS: &'static [$crate::named::SettingInfo] = &[$(
                $crate::named::SettingInfo {
                    name: stringify!($field),
                    doc: concat!($($doc, "\n"),*).trim_ascii(),
                    default: $crate::named::named!(@write $Field, $($default)?),
                    is_required: $crate::named::named!(@required $($default)?),
                    domain: $crate::setting::Domain::$domain,
                    by_place: <$Field as $crate::setting::Setting>::BY_PLACE,
                },
            )*];

            fn from_call(call: &$crate::text::Call) -> $crate::error::Result<Self> {
                #[allow(unused_variables)] // There may be no settings.
                let given = $crate::named::Given::new::<Self>(call)?;
                let new = $Type {
                    $( $field: given.setting::<$Field, $kind>(
                        stringify!($field),
                        $crate::setting::Domain::$domain,
                        $crate::named::named!(@default $($default)?),
                    )?, )*
                    $( $extra: $init, )?
                };
                new.check()?;
                Ok(new)
            }

            fn to_call(&self) -> $crate::text::Call {
                #[allow(unused_mut)] // There may be no settings.
                let mut call = $crate::text::Call::word($name);
                $(
                    let default: Option<$Field> = $crate::named::named!(@default $($default)?);
                    if default.as_ref() != Some(&self.$field) {
                        let name = (!<$Field as $crate::setting::Setting>::BY_PLACE).then(|| stringify!($field).into());
                        call.arguments.push((name, $crate::setting::Setting::write(&self.$field)));
                    }
                )*
                call
            }

            fn to_full_call(&self) -> $crate::text::Call {
                #[allow(unused_mut)] // There may be no settings.
                let mut call = $crate::text::Call::word($name);
                $( call.arguments.push((
                    Some(stringify!($field).into()),
                    $crate::setting::Setting::write(&self.$field),
                )); )*
                call
            }

            fn check(&self) -> $crate::error::Result<()> {
                $( $crate::named::in_domain(
                    $name,
                    stringify!($field),
                    $crate::setting::Domain::$domain,
                    &self.$field,
                )?; )*
                self.agree()
            }

            fn agree(&self) -> $crate::error::Result<()> {
                $( let $own = self; $agree )?
                Ok(())
            }
        }

        impl PartialEq for $Type {
            fn eq(&self, other: &Self) -> bool {
                $crate::named::Named::to_call(self) == $crate::named::Named::to_call(other)
            }
        }

        impl serde::Serialize for $Type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                serializer.collect_str(&$crate::named::Named::to_call(self))
            }
        }

        impl<'de> serde::Deserialize<'de> for $Type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                $crate::named::from_text(deserializer)
            }
        }

        $crate::named::named!(@when_all [$($($default)? ;)* $($extra)?] $Type { $( $field $(= $default)? ),* });
    };
    (@required $default:expr) => { false };
    (@required) => { true };
    (@write $Field:ty, $default:expr) => {
        Some(|| {
            let default: $Field = $default;
            $crate::setting::Setting::write(&default)
        })
    };
    (@write $Field:ty,) => { None };
    (@default $default:expr) => { Some($default) };
    (@default) => { None };
    // A setting without default leaves the list with an empty part.
    (@when_all [$($default:expr;)*] $Type:ident { $( $field:ident = $value:expr ),* }) => {
        impl Default for $Type {
            fn default() -> Self {
                $Type { $( $field: $value ),* }
            }
        }
    };
    (@when_all [$($any:tt)*] $Type:ident { $($rest:tt)* }) => {};
}
pub(crate) use named;

/// What a pointer to any of a kind of named things has in common with the others: it is compared, printed, read and saved
/// as text. It must have `build`, from a [`Call`], and `call`.
macro_rules! textual {
    ($Any:ident, $expected:literal) => {
        impl PartialEq for $Any {
            fn eq(&self, other: &Self) -> bool {
                self.call() == other.call()
            }
        }

        impl std::fmt::Display for $Any {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.call().fmt(f)
            }
        }

        impl std::str::FromStr for $Any {
            type Err = $crate::error::Error;

            fn from_str(text: &str) -> $crate::error::Result<Self> {
                $Any::build(&$crate::text::read(text)?)
            }
        }

        impl serde::Serialize for $Any {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                serializer.collect_str(&self.call())
            }
        }

        impl<'de> serde::Deserialize<'de> for $Any {
            fn deserialize<D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> std::result::Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl $crate::named::Kind for $Any {
            fn problem(call: &$crate::text::Call) -> Option<$crate::error::Error> {
                $Any::build(call).err()
            }
        }

        impl $crate::setting::Setting for $Any {
            const BY_PLACE: bool = true;

            fn read(value: &$crate::text::Value) -> Option<Self> {
                match value {
                    $crate::text::Value::Call(call) => $Any::build(call).ok(),
                    _ => None,
                }
            }

            fn write(&self) -> $crate::text::Value {
                $crate::text::Value::Call(self.call())
            }

            fn expected(_: $crate::setting::Domain) -> String {
                $expected.into()
            }
        }
    };
}
pub(crate) use textual;
