//! Sharpness-aware minimization: the gradient is taken not where the parameters are but where the loss nearby is high.

mod friendly_sam;
mod gsam;
mod look_sam;
mod sam;
mod wsam;

pub use friendly_sam::FriendlySam;
pub use gsam::Gsam;
pub use look_sam::LookSam;
pub use sam::Sam;
pub use wsam::Wsam;

use super::Listed;
use super::linalg::{norm, plus};
use crate::error::{Error, Result};
use crate::reference::{Signature, from_reference};
use crate::text::{Call, Value};

/// How far up the loss the gradient is taken.
struct Ascent {
    rho: f64,
    adaptive: bool,
    eps: f64,
}

impl Ascent {
    /// `x + ρ T² g / (‖T g‖ + ε)` with `T = diag |x|` if it is adaptive, else `T = I`.
    fn from(&self, x: &[f64], gradient: &[f64]) -> Vec<f64> {
        if !self.adaptive {
            return plus(x, self.rho / (norm(gradient) + self.eps), gradient);
        }
        let weighted: Vec<f64> = x.iter().zip(gradient).map(|(x, g)| x.abs() * g).collect();
        let step: Vec<f64> = x.iter().zip(gradient).map(|(x, g)| x * x * g).collect();
        plus(x, self.rho / (norm(&weighted) + self.eps), &step)
    }
}

/// Our call for one of pytorch_optimizer's wrappers, which are given the optimizer inside as a class, and its settings among
/// their own.
fn translate<T: Listed>(signature: &str, call: &Call) -> Result<Call> {
    let inside = signature.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'));
    let names: Vec<&str> =
        inside.split(',').map(|p| p.split(':').next().unwrap_or(p).trim().trim_start_matches('-')).collect();
    let (mut own, mut base, mut settings) = (Call::word(&call.name), None, vec![]);
    for (i, (name, value)) in call.arguments.iter().enumerate() {
        let name = name.as_deref().or(names.get(i).copied()).unwrap_or_default();
        match name {
            "base_optimizer" => base = Some(value),
            _ if names.contains(&name) => own.arguments.push((Some(name.into()), value.clone())),
            _ => settings.push((Some(name.to_string()), value.clone())),
        }
    }
    let Some(Value::Call(base)) = base else {
        return Err(Error::Syntax(format!("`{call}` names no `base_optimizer`; give one.")));
    };
    let mut base = base.clone();
    base.arguments.extend(settings);
    let inner = from_reference(&base.to_string())?;
    let mut ours = Signature::read(signature)?.apply(T::NAME, &own, &|_, value| *value != Value::None)?;
    ours.arguments.push((None, Value::Call(inner.call())));
    Ok(ours)
}
