use std::fmt;

/// What can go wrong when parameters are initialized. Each prints as a sentence with a remedy.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// No scheme, setting or parameter has this name.
    Unknown(String),
    /// The text is not a scheme's or a plan's.
    Syntax(String),
    /// A setting is out of its range, of the wrong type, or does not go with another.
    Setting(String),
    /// A scheme needs a fan that the parameter does not have.
    Fan(String),
    /// A scheme does not go with the shape of a parameter.
    Shape(String),
    /// A model's activations or gradients do not let a data-dependent scheme go on.
    Data(String),
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
            | Error::Setting(why)
            | Error::Fan(why)
            | Error::Shape(why)
            | Error::Data(why) => f.write_str(why),
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
