use std::fmt;

use crate::trainer::NonFinite;

/// What can go wrong when data is read, a model is built or trained, or a checkpoint is written or read. Each prints as
/// a sentence with a remedy.
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// Data that cannot be read or does not fit; the text says where and how.
    Data(String),
    /// A setting that is out of its range.
    Setting(String),
    /// A checkpoint that cannot be written, read or restored; the text says what differs.
    Checkpoint(String),
    /// A loss or gradient that is not finite, where the [policy](crate::NonFinitePolicy) is to stop.
    NonFinite(NonFinite),
    /// An optimizer's setting is out of its range.
    Optimizer(thalweg_optim::Error),
    /// A scheme or plan of initialization does not fit the model.
    Initializer(thalweg_init::Error),
    /// Tracing, differentiating, compiling or running failed.
    Autodiff(thalweg_autodiff::Error),
}

/// The result of what can fail in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Data(why) | Error::Setting(why) | Error::Checkpoint(why) => f.write_str(why),
            Error::NonFinite(report) => write!(
                f,
                "{report} Training has stopped; the model is as it was before this step. Take a smaller learning \
                 rate, clip the gradient, or choose `NonFinitePolicy::Skip` or `NonFinitePolicy::Continue`."
            ),
            Error::Optimizer(error) => error.fmt(f),
            Error::Initializer(error) => error.fmt(f),
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

impl From<thalweg_optim::Error> for Error {
    fn from(error: thalweg_optim::Error) -> Self {
        Error::Optimizer(error)
    }
}

impl From<thalweg_init::Error> for Error {
    fn from(error: thalweg_init::Error) -> Self {
        Error::Initializer(error)
    }
}
