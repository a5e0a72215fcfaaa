use std::fmt;

/// What can go wrong when an optimizer is asked for, built or driven. Each prints as a sentence with a remedy.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// No optimizer, schedule or hyperparameter has this name.
    Unknown(String),
    /// The text is not an optimizer's or a schedule's.
    Syntax(String),
    /// A hyperparameter is out of its range, of the wrong type, or does not go with another.
    Hyperparameter(String),
    /// An optimizer that looks at all tensors together was asked to run one tensor at a time.
    TreeWide(String),
    /// Saved state that does not belong to this optimizer or to these tensors.
    Record(String),
    /// The driver does not give what the optimizer needs, for instance the value of the loss.
    Driver(String),
    /// Tracing, differentiating or running failed.
    Autodiff(thalweg_autodiff::Error),
}

/// The result of what can fail in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Unknown(why)
            | Error::Syntax(why)
            | Error::Hyperparameter(why)
            | Error::TreeWide(why)
            | Error::Record(why)
            | Error::Driver(why) => f.write_str(why),
            Error::Autodiff(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<thalweg_autodiff::Error> for Error {
    fn from(error: thalweg_autodiff::Error) -> Self {
        Error::Autodiff(error)
    }
}

/// That `what` of this name does not exist, with the name that was probably meant, or else with the `list` of all.
pub(crate) fn unknown<'a>(
    what: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    list: &str,
) -> Error {
    Error::Unknown(thalweg_text::unknown(what, name, known, list))
}
