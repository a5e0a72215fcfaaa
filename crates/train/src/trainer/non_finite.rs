use std::fmt;

use serde::{Deserialize, Serialize};

/// What to do when a loss or a gradient is not finite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NonFinitePolicy {
    /// Stop with [`Error::NonFinite`](crate::Error::NonFinite); the model stays as it was before the step.
    #[default]
    Stop,
    /// Leave the step out and go on: nothing changes, running statistics included, and the step is not counted.
    Skip,
    /// Go on as if nothing had happened, which spreads the number to the parameters.
    Continue,
}

/// A loss or gradient that is not finite.
#[derive(Clone, Debug, PartialEq)]
pub struct NonFinite {
    /// The number of the step, from one.
    pub step: u64,
    /// The value of the loss.
    pub loss: f64,
    /// The first parameter whose gradient is not finite, in the module's order; `None` if only the loss is not.
    pub parameter: Option<String>,
}

impl fmt::Display for NonFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NonFinite { step, loss, parameter } = self;
        match parameter {
            Some(path) if loss.is_finite() => {
                write!(f, "In step {step} the gradient by `{path}` is not finite, while the loss is {loss}.")
            }
            Some(path) => {
                write!(f, "In step {step} the loss is {loss}, and the gradient by `{path}` is not finite.")
            }
            None => write!(f, "In step {step} the loss is {loss}, while all gradients are finite."),
        }
    }
}
