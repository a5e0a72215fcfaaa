//! All landscapes, by name.

use crate::decorators;
use crate::entry::{Entry, Family};
use crate::error::{Error, Result, unknown};
use crate::landscape::Landscape;
use crate::text::{Call, Value, inner, number};

/// Every landscape there is, in the order of the [families](Family).
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    let suites: [&[&Entry]; 4] =
        [crate::classical::ALL, crate::mgh::ALL, crate::bbob::ALL, crate::networks::ALL];
    suites.into_iter().flat_map(|suite| suite.iter().copied())
}

/// The landscapes of a family that can have `n` coordinates; `None` asks for all.
///
/// ```
/// use thalweg_landscapes::{Family, filter};
/// let ravines = filter(Some(Family::Ravine), Some(2)).map(|entry| entry.name);
/// assert!(ravines.collect::<Vec<_>>().contains(&"beale"));
/// ```
pub fn filter(family: Option<Family>, n: Option<usize>) -> impl Iterator<Item = &'static Entry> {
    let fits = move |e: &&Entry| family.is_none_or(|f| e.family == f) && n.is_none_or(|n| e.dims.allows(n));
    entries().filter(fits)
}

/// The landscape of this name, or of one of its other names.
///
/// # Errors
/// [`Error::Unknown`], with the name that was probably meant.
pub fn entry(name: &str) -> Result<&'static Entry> {
    find(name).map(|(entry, _)| entry)
}

type Preset = &'static [(&'static str, f64)];

fn find(name: &str) -> Result<(&'static Entry, Preset)> {
    let named = |e: &'static Entry| {
        let alias = e.aliases.iter().find(|(alias, _)| *alias == name).map(|(_, preset)| *preset);
        let preset = if e.name == name { Some(&[][..]) } else { alias };
        preset.map(|preset| (e, preset))
    };
    entries().find_map(named).ok_or_else(|| {
        let known = entries().flat_map(|e| e.aliases.iter().map(|(alias, _)| *alias).chain([e.name]));
        let known = known.chain(decorators::ALL.iter().map(|d| d.name));
        unknown("landscape", name, known, "`thalweg list landscapes` names them all")
    })
}

/// Reads a landscape: `rosenbrock(n=10)`, `bbob(f=10, dim=20, instance=3)`, `rotate(ellipsoid(condition=1e6), seed=1)`.
/// What is not given has its default. [`Landscape`]'s `Display` prints the shortest text that reads back.
///
/// ```
/// let landscape = thalweg_landscapes::parse("rotate(ellipsoid(condition=1e6), seed=1)")?;
/// assert_eq!(landscape.to_string(), "rotate(ellipsoid(n=5), seed=1)");
/// # Ok::<(), thalweg_landscapes::Error>(())
/// ```
///
/// # Errors
/// [`Error::Syntax`], [`Error::Unknown`] with the name that was probably meant, [`Error::Dimension`] and
/// [`Error::Parameter`].
pub fn parse(text: &str) -> Result<Landscape> {
    build(&crate::text::parse(text)?)
}

pub(crate) fn build(call: &Call) -> Result<Landscape> {
    if let Some(decorator) = decorators::ALL.iter().find(|d| d.name == call.name) {
        let Some(inner) = inner(call) else {
            return Err(Error::Syntax(format!(
                "`{call}` says nothing of what it decorates; write `{}(rosenbrock)`, with the landscape in \
                 front.",
                call.name
            )));
        };
        return decorator.apply(build(inner)?, call);
    }
    if let Some(inner) = inner(call) {
        let known = decorators::ALL.iter().map(|d| d.name);
        let list = format!("the decorators are {}", known.clone().collect::<Vec<_>>().join(", "));
        return Err(match find(&call.name) {
            Ok(_) => Error::Syntax(format!("`{}` decorates nothing; take `{inner}` out of it.", call.name)),
            Err(_) => unknown("decorator", &call.name, known, &list),
        });
    }
    if let Some(family) = Family::ALL.into_iter().find(|f| f.number().is_some() && f.name() == call.name) {
        return numbered(family, call)?.build(call);
    }
    let (entry, preset) = find(&call.name)?;
    let mut call = call.clone();
    for (name, value) in preset {
        if call.named(name).is_none() {
            call.arguments.push((Some(name.to_string()), Value::Number(*value)));
        }
    }
    entry.build(&call)
}

/// The landscape of a family that is asked for by its number.
fn numbered(family: Family, call: &Call) -> Result<&'static Entry> {
    let name = family.number().unwrap_or_default();
    let all = || entries().filter(|e| e.family == family);
    let count = all().count();
    let asked = number(call, name).ok_or_else(|| {
        Error::Parameter(format!("`{family}` needs the number of the function; write `{family}({name}=1)`."))
    })?;
    all().find(|e| e.number as f64 == asked).ok_or_else(|| {
        Error::Parameter(format!(
            "`{name}` of `{family}` is {asked}, but must be a whole number from 1 to {count}."
        ))
    })
}
