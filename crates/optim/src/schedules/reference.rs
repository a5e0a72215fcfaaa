//! Schedules of other libraries, from the calls that make them.

use super::registry::SCHEDULES;
use super::{AnySchedule, Constant, Linear, Sequence};
use crate::error::{Error, Result, unknown};
use crate::text::{self, Call, Value};

/// A schedule of another library that one of ours equals: its signature, and ours from its arguments.
#[derive(Clone, Copy)]
pub struct Reference {
    /// Its name and parameters as they stand in its library, without the module.
    pub signature: &'static str,
    pub(super) build: fn(&Arguments) -> Result<AnySchedule>,
}

impl Reference {
    /// Its name.
    pub fn name(&self) -> &'static str {
        self.signature.split('(').next().unwrap_or_default()
    }
}

impl std::fmt::Debug for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.signature)
    }
}

/// The schedule that equals a call of PyTorch, optax, pytorch_optimizer or Burn, as that stands in its language. `lr` is the
/// optimizer's rate, from which PyTorch's schedules take theirs.
///
/// ```
/// use thalweg_optim::schedules::from_reference;
/// let schedule = from_reference("torch.optim.lr_scheduler.StepLR(opt, step_size=30, gamma=0.5)", 0.1)?;
/// assert_eq!(schedule.to_string(), "step(lr=0.1, every=30, gamma=0.5)");
/// let schedule = from_reference("optax.cosine_decay_schedule(0.1, decay_steps=150, alpha=0.05)", 0.0)?;
/// assert_eq!(schedule.to_string(), "cosine(lr=0.1, steps=150, end=0.005000000000000001)");
/// # Ok::<(), thalweg_optim::Error>(())
/// ```
///
/// # Errors
/// [`Error::Unknown`] for a call that no schedule equals, [`Error::Syntax`] and [`Error::Hyperparameter`] for arguments that
/// have no counterpart.
pub fn from_reference(text: &str, lr: f64) -> Result<AnySchedule> {
    build(&text::read(&plain(text))?, lr)
}

fn build(call: &Call, lr: f64) -> Result<AnySchedule> {
    let all = || SCHEDULES.iter().flat_map(|e| e.references);
    let name = call.name.rsplit('.').next().unwrap_or_default();
    let burn = name.strip_suffix("LrSchedulerConfig").unwrap_or(name).replace("CosineAnnealing", "Cosine");
    let burn = |own: &str| own.eq_ignore_ascii_case(&burn);
    let reference = all().find(|r| r.name() == name || burn(r.name())).ok_or_else(|| {
        let list = "write a schedule of this library by its own name";
        unknown("counterpart of", name, all().map(Reference::name), list)
    })?;
    let schedule = (reference.build)(&Arguments::new(reference.signature, call, lr)?)?;
    // What does not read back is out of a range.
    AnySchedule::build(&schedule.call())?;
    Ok(schedule)
}

/// The call without what is no call in our text: Python's dictionaries become lists of pairs, Rust's builders become calls.
fn plain(text: &str) -> String {
    let mut text = text.replace("vec![", "[").replace(" -> ", ", ").replace(" in ", ", ").replace("::new", "");
    if let Some(steps) = text.strip_prefix("ComposedLrSchedulerConfig().") {
        let (parts, fold) = steps.split_once(" with ").unwrap_or((steps, "Prod"));
        text = format!("ComposedLrSchedulerConfig([{}], {fold})", parts.replace(").", "), "));
    }
    while let Some((call, rest)) = text.split_once(").with_") {
        let (setting, rest) = rest.split_once('(').unwrap_or((rest, ")"));
        text = format!("{call}, {setting}={rest}");
    }
    let mut depth = 0;
    let plain = text.chars().map(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        match c {
            '{' => "[[".into(),
            '}' => "]]".into(),
            ',' if depth > 0 => "], [".into(),
            ':' if depth > 0 => ",".into(),
            other => other.to_string(),
        }
    });
    plain.collect()
}

/// A schedule whose first rate is another one: what a library reads before it asks the schedule.
pub(super) fn first(lr: f64, then: impl Into<AnySchedule>) -> Sequence {
    Sequence { parts: vec![Constant { lr }.into(), then.into()], at: vec![1] }
}

/// What pytorch_optimizer's schedulers with a warm-up in a straight line have in common.
pub(super) fn warmed(a: &Arguments, then: impl Into<AnySchedule>) -> Result<Sequence> {
    let mut all = first(a.number("min_lr")?, then);
    if let warmup @ 1.. = a.count("warmup_steps")? {
        let (start, end) = (a.number("init_lr")?, a.number("max_lr")?);
        all.parts.insert(1, Linear { start, end, steps: warmup, begin: 0, extend: false }.into());
        all.at.push(1 + warmup);
    }
    Ok(all)
}

/// The number of steps after that warm-up.
pub(super) fn after_warmup(a: &Arguments) -> Result<usize> {
    Ok(a.count("t_max")?.saturating_sub(a.count("warmup_steps")?))
}

/// The arguments of a call, by the names that a signature gives them.
pub(super) struct Arguments {
    call: String,
    lr: f64,
    values: Vec<(String, Value)>,
}

impl Arguments {
    fn new(signature: &str, call: &Call, lr: f64) -> Result<Self> {
        let inside = signature.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'));
        let parameters: Vec<(&str, Option<&str>)> = inside
            .split(',')
            .map(|parameter| match parameter.split_once('=') {
                Some((name, default)) => (name.trim(), Some(default.trim())),
                None => (parameter.trim(), None),
            })
            .collect();
        let mut values = vec![];
        for (i, (name, value)) in call.arguments.iter().enumerate() {
            // Where a schedule goes on, and what it says on the way, is no part of it.
            let is_neutral = match name.as_deref() {
                Some("last_epoch") => *value == Value::Number(-1.0),
                Some("verbose") => true,
                _ => false,
            };
            if is_neutral {
                continue;
            }
            let found = match name {
                Some(name) => parameters.iter().find(|(own, _)| own.trim_start_matches('-') == name),
                None => parameters.get(i),
            };
            let (name, default) = found.ok_or_else(|| {
                let given = name.clone().unwrap_or_else(|| value.to_string());
                Error::Unknown(format!(
                    "`{given}` of `{call}` has no counterpart here; a schedule that begins at a later step is `shifted(…, \
                     by=…)`, and what else there is `thalweg list schedules` names."
                ))
            })?;
            if values.iter().any(|(own, _)| own == name) {
                return Err(Error::Syntax(format!(
                    "`{name}` of `{call}` is given twice; leave one of them out."
                )));
            }
            if name.starts_with('-') && default.map(text::value).transpose()?.as_ref() != Some(value) {
                let name = name.trim_start_matches('-');
                return Err(Error::Hyperparameter(format!(
                    "`{name}={value}` of `{call}` has no counterpart here, and without it another schedule would come out; \
                     give a closure, `Lambda`, or compose schedules of this library."
                )));
            }
            values.push((name.to_string(), value.clone()));
        }
        for (name, default) in parameters {
            if let (Some(default), false) = (default, values.iter().any(|(own, _)| own == name)) {
                values.push((name.to_string(), text::value(default)?));
            }
        }
        Ok(Arguments { call: call.to_string(), lr, values })
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    pub fn wrong(&self, name: &str, expected: &str) -> Error {
        Error::Hyperparameter(format!("`{name}` of `{}` must be {expected}.", self.call))
    }

    /// The optimizer's rate.
    pub fn lr(&self) -> f64 {
        self.lr
    }

    /// A number.
    pub fn number(&self, name: &str) -> Result<f64> {
        self.option(name)?.ok_or_else(|| self.wrong(name, "a number"))
    }

    /// A number, if it is given and not `None`.
    pub fn option(&self, name: &str) -> Result<Option<f64>> {
        match self.value(name) {
            None | Some(Value::None) => Ok(None),
            Some(Value::Number(x)) => Ok(Some(*x)),
            Some(_) => Err(self.wrong(name, "a number")),
        }
    }

    /// A whole number.
    pub fn count(&self, name: &str) -> Result<usize> {
        match self.number(name)? {
            n if n >= 0.0 && n.fract() == 0.0 => Ok(n as usize),
            _ => Err(self.wrong(name, "a whole number of at least 0")),
        }
    }

    /// Whether a switch is on.
    pub fn flag(&self, name: &str) -> bool {
        self.value(name) == Some(&Value::Bool(true))
    }

    /// One of several words.
    pub fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<T> {
        let given = match self.value(name) {
            Some(Value::Call(call)) => call.name.as_str(),
            _ => "",
        };
        let list: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let found = words.iter().find(|(word, _)| *word == given);
        found.map(|(_, value)| *value).ok_or_else(|| self.wrong(name, &format!("one of {}", list.join(", "))))
    }

    fn list(&self, name: &str) -> Result<&[Value]> {
        match self.value(name) {
            Some(Value::List(all)) => Ok(all),
            None | Some(Value::None) => Ok(&[]),
            Some(_) => Err(self.wrong(name, "a list")),
        }
    }

    /// Whole numbers.
    pub fn counts(&self, name: &str) -> Result<Vec<usize>> {
        let count = |value: &Value| match value {
            Value::Number(n) if *n >= 0.0 && n.fract() == 0.0 => Ok(*n as usize),
            _ => Err(self.wrong(name, "a list of whole numbers")),
        };
        self.list(name)?.iter().map(count).collect()
    }

    /// Steps and numbers, in the order of the steps.
    pub fn pairs(&self, name: &str) -> Result<Vec<(usize, f64)>> {
        let pair = |value: &Value| match value {
            Value::List(pair) => match pair.as_slice() {
                [Value::Number(step), Value::Number(x)] => Ok((*step as usize, *x)),
                _ => Err(self.wrong(name, "a dictionary of numbers by step")),
            },
            _ => Err(self.wrong(name, "a dictionary of numbers by step")),
        };
        let mut all: Vec<(usize, f64)> = self.list(name)?.iter().map(pair).collect::<Result<_>>()?;
        all.sort_by_key(|(step, _)| *step);
        Ok(all)
    }

    /// Schedules of the same library.
    pub fn schedules(&self, name: &str) -> Result<Vec<AnySchedule>> {
        self.calls(name)?.iter().map(|call| build(call, self.lr)).collect()
    }

    /// Schedules of the same library, of which the first has the optimizer's rate and the others are factors.
    pub fn factors(&self, name: &str) -> Result<Vec<AnySchedule>> {
        let calls = self.calls(name)?;
        calls.iter().enumerate().map(|(k, call)| build(call, if k == 0 { self.lr } else { 1.0 })).collect()
    }

    /// Calls.
    fn calls(&self, name: &str) -> Result<Vec<&Call>> {
        let all = self.list(name)?.iter().map(|value| match value {
            Value::Call(call) => Ok(call),
            _ => Err(self.wrong(name, "a list of calls")),
        });
        all.collect()
    }

    /// The arguments of a list of calls that have this signature.
    pub fn each(&self, name: &str, signature: &str) -> Result<Vec<Arguments>> {
        self.calls(name)?.into_iter().map(|call| Arguments::new(signature, call, self.lr)).collect()
    }
}
