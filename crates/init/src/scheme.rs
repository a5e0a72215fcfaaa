//! What a scheme is, and how one is declared.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use burn::nn::Initializer;
use burn::tensor::{DType, TensorData};

use crate::draws::Draws;
use crate::error::{Error, Result, unknown};
use crate::law::Law;
use crate::place::Place;
use crate::registry;
use crate::setting::{Domain, Setting};
use crate::text::{self, Call, Value};
use crate::values::Values;

/// A rule that gives a parameter its first values.
///
/// Adding one to this crate is a declaration with `scheme!` in a file of `schemes` and its line in the registry. One of your
/// own needs [`text`](Self::text) and [`law`](Self::law), or [`fill`](Self::fill) for values that depend on one another:
///
/// ```
/// use thalweg_init::{Draws, Law, Place, Result, Scheme, plan};
///
/// #[derive(Debug)]
/// struct Tiny;
///
/// impl Scheme for Tiny {
///     fn text(&self) -> String {
///         "tiny".into()
///     }
///
///     fn law(&self, _: &Place) -> Result<Law> {
///         Ok(Law::normal(1e-3))
///     }
/// }
///
/// let plan = plan! { _ => Tiny };
/// assert_eq!(plan.to_string(), "_ => tiny");
/// ```
pub trait Scheme: fmt::Debug + Send + Sync {
    /// Its name with its settings, as it is read.
    fn text(&self) -> String;

    /// That every setting lies in its range and they go together.
    ///
    /// # Errors
    /// [`Error::Setting`] with what a setting must be.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// How the values are distributed at a place.
    ///
    /// # Errors
    /// [`Error::Fan`] or [`Error::Shape`] if the scheme does not go with the place.
    fn law(&self, place: &Place) -> Result<Law>;

    /// The values at a place, in row-major order: unless it says otherwise, independent ones of its law.
    ///
    /// # Errors
    /// As [`law`](Self::law).
    fn fill(&self, place: &Place, draws: &Draws) -> Result<Values> {
        let _ = draws;
        Ok(Values::Of(self.law(place)?))
    }

    /// The same among Burn's own initializers, if it is one of them.
    fn in_burn(&self) -> Option<Initializer> {
        None
    }
}

/// What a scheme of the registry is known by; `scheme!` writes it.
pub(crate) trait Declared: Scheme + Sized + 'static {
    const NAME: &'static str;
    const DOC: &'static str;
    const SETTINGS: &'static [SettingInfo];

    fn from_call(call: &Call) -> Result<Self>;
}

/// What is known of a setting.
#[derive(Clone, Copy, Debug)]
pub struct SettingInfo {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// Its default; a setting without one must be given.
    pub default: Option<fn() -> Value>,
    /// Where its numbers must lie.
    pub domain: Domain,
}

/// Any scheme: read from text, printed, and saved by serde as that text.
///
/// ```
/// use thalweg_init::AnyScheme;
/// let scheme: AnyScheme = "kaiming_normal(mode=fan_in, nonlinearity=relu)".parse()?;
/// assert_eq!(scheme.to_string(), "kaiming_normal(nonlinearity=relu)");
/// # Ok::<(), thalweg_init::Error>(())
/// ```
#[derive(Clone)]
pub struct AnyScheme(Arc<dyn Scheme>);

impl AnyScheme {
    /// How the values are distributed at a place.
    ///
    /// # Errors
    /// [`Error::Fan`], [`Error::Shape`] or [`Error::Setting`] if the scheme does not go with the place.
    pub fn law(&self, place: &Place) -> Result<Law> {
        self.0.check()?;
        if place.is_empty() {
            return Err(Error::Shape(format!(
                "{place} has an axis of length zero, so that there is nothing to initialize; give each axis a length of \
                 at least 1."
            )));
        }
        let law = self.0.law(place)?;
        law.check(&self.0.text())?;
        Ok(law)
    }

    /// The values at a place under a seed, in row-major order.
    ///
    /// ```
    /// use thalweg_init::{AnyScheme, Axes, Place};
    /// let scheme: AnyScheme = "xavier_uniform".parse()?;
    /// let place = Place::new(&[5, 3], Axes::BURN);
    /// assert_eq!(scheme.values(&place, 7)?, scheme.values(&place, 7)?);
    /// # Ok::<(), thalweg_init::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`law`](Self::law).
    pub fn values(&self, place: &Place, seed: u64) -> Result<Vec<f64>> {
        let draws = Draws::new(seed, &place.path);
        Ok(self.fill(place, &draws)?.into_vec(&draws, place.len()))
    }

    /// The values at a place under a seed as a tensor of the place's shape and of a float type, each rounded to it.
    ///
    /// # Errors
    /// As [`law`](Self::law).
    pub fn data(&self, place: &Place, seed: u64, dtype: DType) -> Result<TensorData> {
        let draws = Draws::new(seed, &place.path);
        Ok(self.fill(place, &draws)?.into_data(&draws, &place.shape, dtype))
    }

    /// The same among Burn's own initializers, for a layer's configuration: `LinearConfig::new(3, 2).with_initializer(…)`.
    ///
    /// Burn draws the values itself then, from its device's generator; it takes the weight's rule for the bias as well, and
    /// has its own notion of fans where a layer's layout is not `[in, out]`. [`Plan::apply`](crate::Plan::apply) has none of
    /// these limits.
    ///
    /// ```
    /// use burn::nn::{Initializer, LinearConfig};
    /// use burn::tensor::Device;
    /// use thalweg_init::AnyScheme;
    ///
    /// let scheme: AnyScheme = "kaiming_normal(nonlinearity=relu)".parse()?;
    /// let layer = LinearConfig::new(3, 2).with_initializer(scheme.burn()?).init(&Device::flex());
    /// assert_eq!(layer.weight.dims(), [3, 2]);
    /// assert!("siren".parse::<AnyScheme>()?.burn().is_err());
    /// # Ok::<(), thalweg_init::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Unknown`] if Burn's closed list has none that is the same, [`Error::Setting`] if a setting is out of range.
    pub fn burn(&self) -> Result<Initializer> {
        self.0.check()?;
        self.0.in_burn().ok_or_else(|| {
            Error::Unknown(format!(
                "`{self}` is none of Burn's initializers, which are constants, uniform, normal, Xavier's, Kaiming's for one fan, and \
                 orthogonal; make the module first and then give it its values by `Plan::apply`."
            ))
        })
    }

    fn fill(&self, place: &Place, draws: &Draws) -> Result<Values> {
        self.law(place)?;
        self.0.fill(place, draws)
    }
}

impl<T: Scheme + 'static> From<T> for AnyScheme {
    fn from(scheme: T) -> Self {
        AnyScheme(Arc::new(scheme))
    }
}

impl PartialEq for AnyScheme {
    fn eq(&self, other: &Self) -> bool {
        self.0.text() == other.0.text()
    }
}

impl fmt::Debug for AnyScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for AnyScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text())
    }
}

impl FromStr for AnyScheme {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let call = text::read(text)?;
        (registry::entry(&call.name)?.build)(&call)
    }
}

impl serde::Serialize for AnyScheme {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for AnyScheme {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What the registry knows of a scheme.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name in text.
    pub name: &'static str,
    /// What it does: its documentation, of which the first line is a summary.
    pub doc: &'static str,
    /// Its settings, in order.
    pub settings: &'static [SettingInfo],
    /// Builds it from its name and settings.
    pub build: fn(&Call) -> Result<AnyScheme>,
}

impl Entry {
    pub(crate) const fn of<T: Declared>() -> Self {
        Entry {
            name: T::NAME,
            doc: T::DOC,
            settings: T::SETTINGS,
            build: |call| T::from_call(call).map(AnyScheme::from),
        }
    }

    /// The first line of the documentation.
    pub fn summary(&self) -> &'static str {
        self.doc.trim().lines().next().unwrap_or_default().trim()
    }
}

/// That a call gives only settings that a scheme has.
pub(crate) fn only_known<T: Declared>(call: &Call) -> Result<()> {
    let known = || T::SETTINGS.iter().map(|s| s.name);
    let list = match T::SETTINGS.is_empty() {
        true => "it has none".to_string(),
        false => format!("its settings are {}", known().collect::<Vec<_>>().join(", ")),
    };
    let given = call.arguments.iter().filter_map(|(name, _)| name.as_deref());
    match given.into_iter().find(|name| !known().any(|own| own == *name)) {
        Some(name) => Err(unknown(&format!("setting of `{}` named", T::NAME), name, known(), &list)),
        None => Ok(()),
    }
}

/// A setting that is given, or else its default.
pub(crate) fn setting<S: Setting>(call: &Call, name: &str, domain: Domain, default: Option<S>) -> Result<S> {
    match (call.named(name), default) {
        (Some(value), _) => S::read(value).ok_or_else(|| refused::<S>(&call.name, name, domain, value)),
        (None, Some(default)) => Ok(default),
        (None, None) => {
            Err(Error::Setting(format!("`{}` needs `{name}`, {}.", call.name, S::expected(domain))))
        }
    }
}

fn refused<S: Setting>(owner: &str, name: &str, domain: Domain, value: &Value) -> Error {
    Error::Setting(format!("`{name}` of `{owner}` must be {}, but it is `{value}`.", S::expected(domain)))
}

/// That a setting's number lies where it must.
pub(crate) fn in_domain<S: Setting>(owner: &str, name: &str, domain: Domain, value: &S) -> Result<()> {
    match value.lies_in(domain) {
        true => Ok(()),
        false => Err(refused::<S>(owner, name, domain, &value.write())),
    }
}

/// Declares a scheme: a struct with settings, `Default` where every setting has one, its place in the registry, and
/// [`Scheme`] by what follows: `law`, and `fill` for values that depend on one another.
macro_rules! scheme {
    (
        $(#[doc = $text:expr])*
        pub struct $Type:ident = $name:literal {
            $( $(#[doc = $doc:literal])* $field:ident: $Field:ty $(= $default:expr)?, in $domain:ident; )*
        }
        $($body:tt)*
    ) => {
        $crate::scheme::scheme! {
            @declare $(#[doc = $text])*
            $Type { $( $(#[doc = $doc])* pub $field: $Field, )* }
        }

        impl $crate::scheme::Declared for $Type {
            const NAME: &'static str = $name;
            const DOC: &'static str = concat!($($text, "\n"),*);
            const SETTINGS: &'static [$crate::scheme::SettingInfo] = &[$(
                $crate::scheme::SettingInfo {
                    name: stringify!($field),
                    doc: concat!($($doc, "\n"),*).trim_ascii(),
                    default: $crate::scheme::scheme!(@write $Field, $($default)?),
                    domain: $crate::setting::Domain::$domain,
                },
            )*];

            fn from_call(call: &$crate::text::Call) -> $crate::Result<Self> {
                $crate::scheme::only_known::<Self>(call)?;
                let scheme = $Type { $(
                    $field: $crate::scheme::setting::<$Field>(
                        call,
                        stringify!($field),
                        $crate::setting::Domain::$domain,
                        $crate::scheme::scheme!(@default $($default)?),
                    )?,
                )* };
                $crate::Scheme::check(&scheme)?;
                Ok(scheme)
            }
        }

        impl $crate::Scheme for $Type {
            fn text(&self) -> String {
                #[allow(unused_mut)] // There may be no settings.
                let mut settings: Vec<(&str, $crate::text::Value)> = vec![];
                $(
                    let value = $crate::setting::Setting::write(&self.$field);
                    let default: Option<fn() -> $crate::text::Value> =
                        $crate::scheme::scheme!(@write $Field, $($default)?);
                    if default.is_none_or(|default| default() != value) {
                        settings.push((stringify!($field), value));
                    }
                )*
                $crate::text::Call::with($name, settings).to_string()
            }

            fn check(&self) -> $crate::Result<()> {
                $( $crate::scheme::in_domain(
                    $name, stringify!($field), $crate::setting::Domain::$domain, &self.$field,
                )?; )*
                Ok(())
            }

            $($body)*
        }

        $crate::scheme::scheme!(@when_all [$($($default)? ;)*] $Type { $( $field $(= $default)? ),* });
    };
    // What has no settings is a word: `Zeros`.
    (@declare $(#[$doc:meta])* $Type:ident {}) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $Type;
    };
    (@declare $(#[$doc:meta])* $Type:ident { $($fields:tt)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $Type { $($fields)* }
    };
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
pub(crate) use scheme;
