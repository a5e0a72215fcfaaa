use std::fmt;

/// What can go wrong when a landscape is asked for, built or explored. Each prints as a sentence with a remedy.
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// No landscape, decorator or parameter has this name.
    Unknown(String),
    /// The text is not a landscape's.
    Syntax(String),
    /// The landscape has no such number of coordinates.
    Dimension(String),
    /// A parameter is out of its range.
    Parameter(String),
    /// A point has another number of coordinates than the landscape, or one that is not finite.
    Point(String),
    /// A question that has no answer for this landscape.
    Analysis(String),
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
            | Error::Dimension(why)
            | Error::Parameter(why)
            | Error::Point(why)
            | Error::Analysis(why) => f.write_str(why),
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
