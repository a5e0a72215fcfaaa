//! What the program prints: everything that it says on the terminal goes through here.

use std::io::{ErrorKind, Write};

use thalweg_lab::{Error, Result};

/// Prints text, without a panic if nothing can be printed. A reader that has read enough, such as `head`, is no error.
///
/// # Errors
/// If the text cannot be written, as on a full disk.
pub fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(Error::File(format!(
            "The output cannot be written: {e}. Make room, or send it somewhere else."
        ))),
        _ => Ok(()),
    }
}

/// Prints a line.
///
/// # Errors
/// As [`print`].
pub fn print_line(text: &str) -> Result<()> {
    print(&format!("{text}\n"))
}
