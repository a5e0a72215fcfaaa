//! What can go wrong in the laboratory.

use std::fmt;

/// A result of the laboratory.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong. Each prints as a sentence with its remedy.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A study that cannot be what it says: an unknown name, a number out of its range, a part without problems.
    Study(String),
    /// A file or folder that cannot be read or written.
    File(String),
    /// A store that is corrupt, locked, of a newer format, or cannot be written.
    Store(String),
    /// Something asked for that the runs do not hold.
    Missing(String),
    /// A run was stopped from outside; what was finished before is kept.
    Stopped,
    /// What a landscape fails with.
    Landscape(thalweg_landscapes::Error),
    /// What an optimizer fails with.
    Optimizer(thalweg_optim::Error),
    /// What an initializer fails with.
    Initializer(thalweg_init::Error),
    /// What training fails with.
    Train(thalweg_train::Error),
    /// What tracing, differentiating or running fails with.
    Autodiff(thalweg_autodiff::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Study(text) | Error::File(text) | Error::Store(text) | Error::Missing(text) => {
                f.write_str(text)
            }
            Error::Stopped => {
                f.write_str("Stopped; everything that was finished is kept, and the same command goes on.")
            }
            Error::Landscape(error) => error.fmt(f),
            Error::Optimizer(error) => error.fmt(f),
            Error::Initializer(error) => error.fmt(f),
            Error::Train(error) => error.fmt(f),
            Error::Autodiff(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

macro_rules! from {
    ($($variant:ident: $from:ty;)+) => {
        $(impl From<$from> for Error {
            fn from(error: $from) -> Self {
                Error::$variant(error)
            }
        })+
    };
}

from! {
    Landscape: thalweg_landscapes::Error;
    Optimizer: thalweg_optim::Error;
    Initializer: thalweg_init::Error;
    Train: thalweg_train::Error;
    Autodiff: thalweg_autodiff::Error;
}
