//! Calls of other libraries, read as recipes.

use crate::error::{Error, Result, unknown};
use crate::recipe::{AnyRecipe, Entry};
use crate::registry::entries;
use crate::text::{self, Call, Value};

/// Parameters that say how a library computes, not what, or that give it what stands elsewhere here.
const NEUTRAL: &[&str] = &[
    "model",
    "rho_scheduler",
    "opaque_mode",
    "batch_axis_name",
    "dtype_momentum",
    "foreach",
    "fused",
    "capturable",
    "differentiable",
    "mu_dtype",
    "accumulator_dtype",
    "param_dtype",
    "state_dtype",
];

/// The recipe that equals a call of PyTorch, optax or pytorch_optimizer, as that stands in Python.
///
/// ```
/// let adam = thalweg_optim::from_reference("torch.optim.AdamW(params, lr=0.1, betas=(0.9, 0.99))")?;
/// assert_eq!(adam.to_string(), "adamw(lr=0.1, beta2=0.99)");
/// let clipped = "optax.chain(optax.clip_by_global_norm(0.5), optax.sgd(0.1))";
/// let clipped = thalweg_optim::from_reference(clipped)?;
/// assert_eq!(clipped.to_string(), "chain([clip_by_global_norm(max_norm=0.5), sgd(lr=0.1)])");
/// # Ok::<(), thalweg_optim::Error>(())
/// ```
///
/// optax adds updates to parameters and its optimizers end with a minus sign; ours are subtracted. A chain is translated with
/// all signs: `optax.chain(optax.scale_by_adam(), optax.scale(-0.1))` descends here as there, and with `optax.scale(0.1)` it
/// climbs here as there. Any other transform by itself is translated as it stands, to be put into a chain.
///
/// # Errors
/// [`Error::Unknown`] for a call that nothing here equals, [`Error::Syntax`] and [`Error::Hyperparameter`] for arguments
/// that have no counterpart.
pub fn from_reference(text: &str) -> Result<AnyRecipe> {
    // What nothing here equals may have arguments that nothing here reads.
    signature(text.split('(').next().unwrap_or_default().trim())?;
    let call = text::read(text)?;
    AnyRecipe::build(&match call.name.as_str() {
        SCALE => negated(translate(&call)?),
        _ => translate(&call)?,
    })
}

/// The transforms of optax that are translated with the signs of what stands around them.
const SCALE: &str = "optax.scale";
const CHAIN: &str = "optax.chain";
/// The only one that changes the sign.
const RATE: &str = "optax.scale_by_learning_rate";

/// A factor of ours.
fn factor(call: &Call) -> Option<f64> {
    match (call.name.as_str(), call.arguments.as_slice()) {
        ("scale", [(_, Value::Number(x))]) => Some(*x),
        _ => None,
    }
}

fn scale(factor: f64) -> Call {
    Call { name: "scale".into(), arguments: vec![(Some("factor".into()), Value::Number(factor))] }
}

fn negated(call: Call) -> Call {
    factor(&call).map_or(call, |factor| scale(-factor))
}

/// Whether ours has the sign of theirs: transforms have, what ends with a minus sign there has not.
fn has_sign(theirs: &Call, ours: &Call) -> bool {
    let is_transform = crate::registry::entry(&ours.name).is_ok_and(|entry| entry.group == "transforms");
    is_transform && theirs.name != RATE
}

/// What is inside a wrapper: added there as a whole, subtracted here.
fn inner(call: &Call) -> Result<Call> {
    let ours = translate(call)?;
    if factor(&ours).is_some() {
        return Ok(negated(ours));
    }
    if !has_sign(call, &ours) {
        return Ok(ours);
    }
    let links = [ours, scale(-1.0)].map(Value::Call).to_vec();
    Ok(Call { name: "chain".into(), arguments: vec![(None, Value::List(links))] })
}

/// The links of a chain of optax, with a change of sign after each that is subtracted here and added there.
fn links(call: &Call) -> Result<Vec<Call>> {
    let mut all = vec![];
    for (_, link) in &call.arguments {
        let Value::Call(link) = link else {
            return Err(Error::Syntax(format!("`{link}` is no link of a chain; write a call of optax.")));
        };
        if link.name == CHAIN {
            all.extend(links(link)?);
            continue;
        }
        let ours = translate(link)?;
        let has_sign = has_sign(link, &ours);
        all.push(ours);
        if !has_sign {
            all.push(scale(-1.0));
        }
    }
    Ok(all)
}

/// The chain of ours, which is subtracted, for one of optax, which is added.
fn chain(call: &Call) -> Result<Call> {
    let mut all: Vec<Call> = vec![];
    for link in links(call)?.into_iter().chain([scale(-1.0)]) {
        match (all.last().and_then(factor), factor(&link)) {
            // Factors that follow one another are one, and the factor one is none.
            (Some(last), Some(next)) => {
                all.pop();
                if last * next != 1.0 {
                    all.push(scale(last * next));
                }
            }
            _ => all.push(link),
        }
    }
    let all = all.into_iter().map(Value::Call).collect();
    Ok(Call { name: "chain".into(), arguments: vec![(None, Value::List(all))] })
}

/// The recipe that equals a class or function of another library, and its signature there.
fn signature(name: &str) -> Result<(&'static Entry, &'static str)> {
    let all = || entries().flat_map(|e| e.references.iter().map(move |r| (e, *r)));
    let path = |signature: &'static str| signature.split('(').next().unwrap_or_default();
    all().find(|(_, signature)| path(signature) == name).ok_or_else(|| {
        let list = "write an optimizer of this library by its own name";
        unknown("counterpart of", name, all().map(|(_, r)| path(r)), list)
    })
}

/// Our call for one of another library.
fn translate(call: &Call) -> Result<Call> {
    if call.name == CHAIN {
        return chain(call);
    }
    let (entry, signature) = signature(&call.name)?;
    let signature = Signature::read(signature)?;
    let accepts = |setting: &str, value: &Value| {
        let argument = (Some(setting.to_string()), value.clone());
        (entry.build)(&Call { name: entry.name.into(), arguments: vec![argument] }).is_ok()
    };
    let ours = signature.apply(entry.name, call, &accepts)?;
    let maximize = call
        .arguments
        .iter()
        .any(|(name, value)| name.as_deref() == Some("maximize") && *value == Value::Bool(true));
    Ok(match maximize {
        false => ours,
        true => Call {
            name: "chain".into(),
            arguments: vec![(None, Value::List(vec![Value::Call(Call::word("maximize")), Value::Call(ours)]))],
        },
    })
}

/// The signature of a reference implementation with our settings for its parameters;
/// [`Entry::references`](crate::Entry::references) has the notation.
pub(crate) struct Signature {
    parameters: Vec<Argument>,
    fixed: Vec<(String, Value)>,
}

struct Argument {
    theirs: String,
    /// Our settings: none for a parameter without meaning here, several for a tuple.
    ours: Vec<String>,
    /// Whether it has no counterpart, so that only its default is understood.
    is_refused: bool,
    /// Whether all arguments by place belong to it.
    is_variadic: bool,
    default: Option<Value>,
}

impl Signature {
    pub(crate) fn read(text: &str) -> Result<Self> {
        let inside = text.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or_default();
        let (parameters, fixed) = inside.split_once(';').unwrap_or((inside, ""));
        let fixed = parts(fixed).into_iter().map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, "true"));
            Ok((name.trim().to_string(), text::value(value)?))
        });
        Ok(Signature {
            parameters: parts(parameters).into_iter().map(Argument::read).collect::<Result<_>>()?,
            fixed: fixed.collect::<Result<_>>()?,
        })
    }

    pub(crate) fn apply(
        &self,
        name: &str,
        call: &Call,
        accepts: &dyn Fn(&str, &Value) -> bool,
    ) -> Result<Call> {
        let mut ours = Call::word(name);
        for (setting, value) in &self.fixed {
            ours.arguments.push((Some(setting.clone()), value.clone()));
        }
        let mut given: Vec<Option<Value>> = self.parameters.iter().map(|_| None).collect();
        let mut place = 0;
        for (name, value) in &call.arguments {
            let at = match name {
                Some(name) if name == "maximize" || NEUTRAL.contains(&name.as_str()) => continue,
                Some(name) => self.parameters.iter().position(|p| p.theirs == *name).ok_or_else(|| {
                    let known = self.parameters.iter().map(|p| p.theirs.as_str());
                    unknown(
                        &format!("parameter of `{}` that is known here, named", call.name),
                        name,
                        known,
                        "what it changes there has no counterpart here",
                    )
                })?,
                None => place,
            };
            let Some(parameter) = self.parameters.get(at) else {
                return Err(Error::Syntax(format!("`{call}` has more arguments than `{}` takes.", call.name)));
            };
            match (&mut given[at], parameter.is_variadic) {
                (Some(Value::List(all)), true) => all.push(value.clone()),
                (slot, true) => *slot = Some(Value::List(vec![value.clone()])),
                (Some(_), false) => {
                    return Err(Error::Syntax(format!(
                        "`{}` of `{call}` is given twice; leave one of them out.",
                        parameter.theirs
                    )));
                }
                (slot, false) => *slot = Some(value.clone()),
            }
            place += usize::from(name.is_none() && !parameter.is_variadic);
        }
        for (parameter, given) in self.parameters.iter().zip(given) {
            if parameter.is_refused {
                parameter.check(call, given.as_ref())?;
            } else if let Some(value) = given.or_else(|| parameter.default.clone()) {
                parameter.set(&mut ours, call, &value, accepts)?;
            }
        }
        Ok(ours)
    }
}

impl Argument {
    fn read(text: &str) -> Result<Self> {
        let (left, default) = match text.split_once('=') {
            Some((left, default)) => (left.trim(), Some(text::value(default)?)),
            None => (text.trim(), None),
        };
        let (theirs, ours) = left.split_once(':').map_or((left, left), |(theirs, ours)| (theirs, ours.trim()));
        let names = ours.trim_matches(['[', ']', '*']).split(',').map(|name| name.trim().to_string());
        let has_meaning = theirs != "params" && !theirs.starts_with('-');
        Ok(Argument {
            theirs: theirs.trim_matches(['-', '*']).to_string(),
            ours: if has_meaning { names.collect() } else { vec![] },
            is_variadic: theirs.starts_with('*'),
            is_refused: theirs.starts_with('-'),
            default,
        })
    }

    /// That a parameter without counterpart is left at its default.
    fn check(&self, call: &Call, given: Option<&Value>) -> Result<()> {
        let is_understood = |value: &Value| {
            // The rate of what is inside stands there.
            let is_neutral = self.theirs == "learning_rate" || NEUTRAL.contains(&self.theirs.as_str());
            *value == Value::None || Some(value) == self.default.as_ref() || is_neutral
        };
        match given {
            Some(value) if !is_understood(value) => Err(Error::Hyperparameter(format!(
                "`{}={value}` of `{}` has no counterpart here, and without it another optimizer would come out; build it by \
                 this library's own names, with a recipe for each group of parameters where a mask tells them apart.",
                self.theirs, call.name
            ))),
            _ => Ok(()),
        }
    }

    fn set(
        &self,
        ours: &mut Call,
        call: &Call,
        value: &Value,
        accepts: &dyn Fn(&str, &Value) -> bool,
    ) -> Result<()> {
        let values = match (value, self.ours.len()) {
            (_, 0) => return Ok(()),
            (Value::List(values), n) if n > 1 && values.len() == n => values.clone(),
            (other, 1) => vec![other.clone()],
            (other, n) => {
                return Err(Error::Hyperparameter(format!(
                    "`{}` of `{}` must be {n} values, but it is `{other}`.",
                    self.theirs, call.name
                )));
            }
        };
        for (setting, value) in self.ours.iter().zip(values) {
            let value = converted(value)?;
            // Where a setting cannot be off, `None` stands for its default.
            if value != Value::None || accepts(setting, &value) {
                ours.arguments.push((Some(setting.clone()), value));
            }
        }
        Ok(())
    }
}

/// A value in which calls are ours and words are spelled as ours.
fn converted(value: Value) -> Result<Value> {
    Ok(match value {
        Value::Call(call) if call.name.contains('.') => Value::Call(inner(&call)?),
        Value::Call(call) if call.arguments.is_empty() => {
            Value::Call(Call::word(&call.name.replace('+', "_plus").replace('-', "_")))
        }
        Value::List(values) => Value::List(values.into_iter().map(converted).collect::<Result<_>>()?),
        other => other,
    })
}

/// The parts between commas outside of brackets.
fn parts(text: &str) -> Vec<&str> {
    let mut depth = 0;
    let separated = text.split(|c: char| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        c == ',' && depth == 0
    });
    separated.map(str::trim).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signature_reads_and_names_settings_that_exist() {
        for entry in entries() {
            for text in entry.references {
                let signature = Signature::read(text).unwrap_or_else(|e| panic!("{text}: {e}"));
                let ours = signature.parameters.iter().flat_map(|p| &p.ours);
                for name in ours.chain(signature.fixed.iter().map(|(name, _)| name)) {
                    let exists = entry.settings.iter().any(|s| s.name == name);
                    assert!(exists, "`{}` has no setting `{name}`, which {text} names", entry.name);
                }
            }
        }
    }

    #[test]
    fn what_has_no_counterpart_is_refused_with_the_nearest() {
        let error = from_reference("torch.optim.Adum(params)").unwrap_err();
        assert_eq!(
            error.to_string(),
            "There is no counterpart of `torch.optim.Adum`; did you mean `torch.optim.Adam`?"
        );
        let error = from_reference("torch.optim.Adam(params, beta=0.9)").unwrap_err();
        assert_eq!(
            error.to_string(),
            "There is no parameter of `torch.optim.Adam` that is known here, named `beta`; did you mean `betas`?"
        );
    }
}
