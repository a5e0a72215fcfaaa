//! Plans as text: `*.bias => zeros; _ => kaiming_normal`.

use std::fmt;
use std::str::FromStr;

use super::{Plan, Rule, Selector};
use crate::error::{Error, Result};
use crate::place::Geometry;
use crate::setting::Setting;
use crate::text::{Call, Value};

const GEOMETRY: &str = "geometry";

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Selector::Path(pattern) => f.write_str(pattern),
            Selector::Kind(kind) => write!(f, "[{}]", kind.write()),
            Selector::Both(pattern, kind) => write!(f, "{pattern}[{}]", kind.write()),
            Selector::Rest => f.write_str("_"),
        }
    }
}

impl FromStr for Selector {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        if text == "_" {
            return Ok(Selector::Rest);
        }
        match text.strip_suffix(']').and_then(|text| text.split_once('[')) {
            Some(("", kind)) => Ok(Selector::Kind(kind.parse()?)),
            Some((pattern, kind)) => Ok(Selector::Both(pattern.into(), kind.parse()?)),
            None if text.is_empty() => Err(Error::Syntax(
                "A rule begins with what it is for: a pattern such as `*.bias`, a kind such as `[norm_scale]`, or `_`."
                    .into(),
            )),
            None => Ok(Selector::Path(text.into())),
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let geometry = self.geometry.iter().map(|(pattern, geometry)| {
            let number = |n: usize| Value::Number(n as f64);
            let settings = [("groups", number(geometry.groups)), ("strides", number(geometry.strides))];
            format!("{pattern} => {}", Call::with(GEOMETRY, settings))
        });
        let rules = self.rules.iter().map(|rule| format!("{} => {}", rule.selector, rule.scheme));
        f.write_str(&geometry.chain(rules).collect::<Vec<_>>().join("; "))
    }
}

impl FromStr for Plan {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut plan = Plan::new();
        for line in text.split([';', '\n']).map(str::trim).filter(|line| !line.is_empty()) {
            let (selector, scheme) = line.split_once("=>").ok_or_else(|| {
                Error::Syntax(format!(
                    "In a plan, `{line}` is no rule; write `pattern => scheme`, for instance `*.bias => zeros`."
                ))
            })?;
            match crate::text::read(scheme)? {
                call if call.name == GEOMETRY => plan.geometry.push((selector.trim().into(), geometry(&call)?)),
                _ => plan.rules.push(Rule { selector: selector.parse()?, scheme: scheme.parse()? }),
            }
        }
        Ok(plan)
    }
}

fn geometry(call: &Call) -> Result<Geometry> {
    let mut geometry = Geometry::default();
    for (name, value) in &call.arguments {
        let name = name.as_deref().unwrap_or_default();
        let place = match name {
            "groups" => &mut geometry.groups,
            "strides" => &mut geometry.strides,
            _ => {
                return Err(crate::error::unknown(
                    "setting of `geometry` named",
                    name,
                    ["groups", "strides"],
                    "",
                ));
            }
        };
        *place = usize::read(value).filter(|n| *n > 0).ok_or_else(|| {
            Error::Setting(format!(
                "`{name}` of `geometry` must be a whole number of at least 1, but it is `{value}`."
            ))
        })?;
    }
    Ok(geometry)
}

impl serde::Serialize for Plan {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Plan {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
