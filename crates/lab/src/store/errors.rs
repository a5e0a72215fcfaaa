//! SQLite's errors as sentences.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::error::Error;

/// What went wrong with the store of this file, and what helps.
pub fn because(path: &Path, error: &rusqlite::Error) -> Error {
    let file = path.display();
    Error::Store(match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => {
            format!("{file} is no store of runs; name another file with `--store`.")
        }
        Some(ErrorCode::DatabaseCorrupt) => {
            format!("The store {file} is damaged; restore a copy, or move it away and run again.")
        }
        Some(ErrorCode::DiskFull) => format!(
            "There is no room left for the store {file}; what was saved before is kept. Make room and run again."
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => format!(
            "The store {file} cannot be written; make it and its folder writable, or name another file with `--store`."
        ),
        Some(ErrorCode::CannotOpen) => format!(
            "The store {file} cannot be opened; name a file in a folder that exists and is writable with `--store`."
        ),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => format!(
            "Another process has kept the store {file} locked for a minute; wait until it is done and run again."
        ),
        _ => format!("The store {file} failed: {error}."),
    })
}
