//! What the program says and returns at its end.

use std::io::Write;
use std::process::ExitCode;

use thalweg_lab::{Error, Result};

/// The exit codes, for `--help`.
pub const CODES: &str = "Exit codes: 0 done; 1 something could not be read, written or computed; 2 the command line or the study \
says something impossible; 130 stopped by Ctrl-C, with everything that was finished kept.";

/// Prints what went wrong, if something did, and gives the exit code.
pub fn code(done: Result<()>) -> ExitCode {
    let Err(error) = done else { return ExitCode::SUCCESS };
    // Where nothing can be said, the exit code says it.
    let _ = writeln!(std::io::stderr(), "{error}");
    match error {
        Error::Study(_) | Error::Landscape(_) | Error::Optimizer(_) | Error::Initializer(_) => {
            ExitCode::from(2)
        }
        Error::Stopped => ExitCode::from(130),
        _ => ExitCode::FAILURE,
    }
}
