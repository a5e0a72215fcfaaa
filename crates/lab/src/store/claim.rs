//! Which process is at which job.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use crate::error::{Error, Result};

/// The answer to a process that asks for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The job is this process's.
    Mine,
    /// Another process is at it.
    Other,
}

/// A process among those that share a store: a file beside it that the process keeps locked while it lives. The kernel
/// gives the lock back however the process ends, so a lock that can be had tells a dead owner.
pub struct Owner {
    name: String,
    folder: Option<PathBuf>,
    /// Held, never read.
    _file: Option<File>,
}

impl Owner {
    /// This process beside a store. Files of owners that are dead are removed.
    pub fn beside(store: &Path) -> Result<Self> {
        let folder = folder_of(store);
        let failed = |e: std::io::Error| {
            Error::Store(format!(
                "The folder {} for locks cannot be written: {e}. Name a store in another folder with `--store`.",
                folder.display()
            ))
        };
        std::fs::create_dir_all(&folder).map_err(failed)?;
        sweep(&folder);
        // A name that no other owner has had: process numbers come again, and a process may open a store twice.
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = now.map_or(0, |since| since.as_nanos());
        for k in 0.. {
            let name = format!("{}-{now:x}-{k}", std::process::id());
            let path = folder.join(&name);
            let made = File::options().read(true).write(true).create(true).truncate(false).open(&path);
            let file = made.map_err(failed)?;
            match file.try_lock() {
                // Between making and locking it, another process may have taken it for a dead owner's and removed it.
                Ok(()) if path.exists() => return Ok(Owner { name, folder: Some(folder), _file: Some(file) }),
                Ok(()) | Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(e)) => return Err(failed(e)),
            }
        }
        Ok(Owner::nowhere())
    }

    /// The only owner of a store in memory.
    pub fn nowhere() -> Self {
        Owner { name: "this process".into(), folder: None, _file: None }
    }

    fn is_alive(&self, other: &str) -> bool {
        let Some(folder) = &self.folder else { return false };
        other == self.name || is_locked(&folder.join(other))
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            // A file that stays behind is removed by the next process.
            let _ = std::fs::remove_file(folder.join(&self.name));
        }
    }
}

/// The folder of the locks of a store: `runs.sqlite.owners` beside `runs.sqlite`.
fn folder_of(store: &Path) -> PathBuf {
    let mut name = store.file_name().unwrap_or_default().to_os_string();
    name.push(".owners");
    store.with_file_name(name)
}

fn is_locked(file: &Path) -> bool {
    match File::open(file) {
        Ok(file) => matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)),
        // No file, no owner: it is made and locked before anything is claimed. One that cannot be opened may have one.
        Err(error) => error.kind() != std::io::ErrorKind::NotFound,
    }
}

/// Removes the files of owners that are dead.
fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let Ok(file) = File::open(&path) else { continue };
        // The lock is held until the file is gone, so that nobody takes it for an owner's own in between.
        if file.try_lock().is_ok() {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Makes a job the owner's, unless another owner that lives has it.
pub fn claim(connection: &mut Connection, owner: &Owner, job: &str) -> rusqlite::Result<Claim> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let other: Option<String> = transaction
        .prepare_cached("SELECT owner FROM claim WHERE job = ?1")?
        .query_row([job], |row| row.get(0))
        .optional()?;
    if other.is_some_and(|other| other != owner.name && owner.is_alive(&other)) {
        return Ok(Claim::Other);
    }
    transaction.prepare_cached("INSERT OR REPLACE INTO claim VALUES (?1, ?2)")?.execute([job, &owner.name])?;
    transaction.commit()?;
    Ok(Claim::Mine)
}
