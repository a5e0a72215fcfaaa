//! Numbers by which landscapes and decorators are told apart.

use std::ops::Index;

use crate::error::{Error, Result, unknown};
use crate::text::{Call, Value, inner, numbers};

/// A number that a landscape or a decorator can be given.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// The name.
    pub name: &'static str,
    /// What is taken where none is given.
    pub default: f64,
    /// The range, ends included.
    pub range: [f64; 2],
    /// Whether only whole numbers make sense.
    pub whole: bool,
    /// Whether it may be a list, with a number for each coordinate.
    pub list: bool,
    /// What it means.
    pub about: &'static str,
}

impl Parameter {
    /// Any number in a range, ends included.
    pub const fn real(name: &'static str, default: f64, range: [f64; 2], about: &'static str) -> Self {
        Parameter { name, default, range, whole: false, list: false, about }
    }

    /// A whole number in a range, ends included.
    pub const fn whole(name: &'static str, default: f64, range: [f64; 2], about: &'static str) -> Self {
        Parameter { name, default, range, whole: true, list: false, about }
    }

    /// Any number, or one for each coordinate.
    pub const fn list(name: &'static str, default: f64, about: &'static str) -> Self {
        Parameter { name, default, range: [f64::MIN, f64::MAX], whole: false, list: true, about }
    }

    /// A seed.
    pub const fn seed(about: &'static str) -> Self {
        // Whole numbers are exact in f64 up to here.
        Parameter::whole("seed", 0.0, [0.0, 9_007_199_254_740_992.0], about)
    }

    fn check(&self, owner: &str, value: f64) -> Result<f64> {
        let [low, high] = self.range;
        if !(low..=high).contains(&value) {
            return Err(Error::Parameter(format!(
                "`{}` of `{owner}` is {value}, but must be between {low} and {high}.",
                self.name
            )));
        }
        if self.whole && value.fract() != 0.0 {
            return Err(Error::Parameter(format!(
                "`{}` of `{owner}` is {value}, but must be a whole number.",
                self.name
            )));
        }
        Ok(value)
    }
}

fn one_number(call: &Call, name: &str, value: &Value) -> Result<()> {
    match value {
        Value::Number(_) => Ok(()),
        _ => Err(Error::Parameter(format!(
            "`{name}` of `{}` must be one number, but it is `{value}`.",
            call.name
        ))),
    }
}

/// The parameters of one landscape, by name.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Parameters(Vec<(&'static str, Vec<f64>)>);

impl Parameters {
    /// The declared parameters with what the call gives; `taken` are arguments that have been read already.
    pub(crate) fn read(declared: &'static [Parameter], call: &Call, taken: &[&str]) -> Result<Self> {
        for (name, value) in call.arguments.iter().skip(usize::from(inner(call).is_some())) {
            let name = name.as_deref().unwrap_or_default();
            if taken.contains(&name) {
                one_number(call, name, value)?;
                continue;
            }
            let Some(parameter) = declared.iter().find(|p| p.name == name) else {
                let known = declared.iter().map(|p| p.name).chain(taken.iter().copied());
                let all: Vec<&str> = known.clone().collect();
                let list = match all.is_empty() {
                    true => "it has none".to_string(),
                    false => format!("it has {}", all.join(", ")),
                };
                return Err(unknown(&format!("parameter of `{}` named", call.name), name, known, &list));
            };
            if !parameter.list {
                one_number(call, name, value)?;
            } else if numbers(value).is_none_or(|all| all.is_empty()) {
                return Err(Error::Parameter(format!(
                    "`{name}` of `{}` must be a number or a list of numbers, but it is `{value}`.",
                    call.name
                )));
            }
        }
        let read = |p: &Parameter| {
            let given = call.named(p.name).and_then(numbers).unwrap_or_else(|| vec![p.default]);
            Ok((p.name, given.into_iter().map(|v| p.check(&call.name, v)).collect::<Result<_>>()?))
        };
        Ok(Parameters(declared.iter().map(read).collect::<Result<_>>()?))
    }

    /// A parameter as a whole number.
    pub fn whole(&self, name: &str) -> usize {
        self[name] as usize
    }

    /// A parameter as a seed.
    pub fn seed(&self, name: &str) -> u64 {
        self[name] as u64
    }

    /// One number for each of `n` coordinates: the list that was given, or the one number for all.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a list of another length.
    pub fn each(&self, name: &str, n: usize) -> Result<Vec<f64>> {
        match self.values(name) {
            [one] => Ok(vec![*one; n]),
            all if all.len() == n => Ok(all.to_vec()),
            all => Err(Error::Parameter(format!(
                "`{name}` has {} numbers, but the landscape has {n} coordinates; give as many, or one for all.",
                all.len()
            ))),
        }
    }

    /// The names with their values, in the order of declaration.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, f64)> {
        self.0.iter().map(|(name, values)| (*name, values[0]))
    }

    fn values(&self, name: &str) -> &[f64] {
        match self.0.iter().find(|(own, _)| *own == name) {
            Some((_, values)) => values,
            None => panic!("the landscape declares no parameter `{name}`"),
        }
    }
}

impl Index<&str> for Parameters {
    type Output = f64;

    /// The value of a declared parameter.
    ///
    /// # Panics
    /// If the landscape declares no parameter of this name.
    fn index(&self, name: &str) -> &f64 {
        &self.values(name)[0]
    }
}
