//! Where runs are kept: one SQLite file, which many processes may share.
//!
//! Format 1. Table `run` has a row for each run under its [name](crate::run::RunName): the fields of
//! [`Run`](crate::run::Run) and [`Finished`] in columns of their own, and two blobs, in little-endian order:
//!
//! * `hits`: for each target the evaluations until it was hit, 64 bits each, or all bits set where it was not hit;
//! * `records`: the number of moments and of coordinates, 32 bits each, then column by column evaluations, values,
//!   gradients, distances and seconds, 64 bits each, and the points.
//!
//! Two stores are merged by their names: `ATTACH 'other.sqlite' AS other; INSERT OR IGNORE INTO run SELECT * FROM
//! other.run`. Table `claim` says which process is at which job; a process holds a lock on a file beside the store as long
//! as it lives, so that the jobs of one that was killed are free at once.

mod blob;
mod claim;
mod errors;
mod rows;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};

pub use claim::Claim;
use claim::Owner;
use errors::because;
use rows::{LOAD, SAVE, read, write};

use crate::error::{Error, Result};
use crate::run::{Finished, RunName};

/// The number of the format that this version reads and writes.
const FORMAT: i64 = 1;

/// What marks a file as a store: "THAL".
const APPLICATION: i64 = 0x5448_414c;

/// How long a process waits for another one that writes.
const PATIENCE: Duration = Duration::from_secs(60);

const SCHEMA: &str = "
CREATE TABLE run (
    name BLOB PRIMARY KEY,
    problem TEXT NOT NULL,
    instance INTEGER NOT NULL,
    start TEXT NOT NULL,
    optimizer TEXT NOT NULL,
    lr REAL NOT NULL,
    initializer TEXT,
    seed INTEGER NOT NULL,
    budget INTEGER NOT NULL,
    precision TEXT NOT NULL,
    outcome TEXT NOT NULL,
    saddle INTEGER,
    evaluations INTEGER NOT NULL,
    numbers BLOB NOT NULL,
    hits BLOB NOT NULL,
    records BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE claim (job TEXT PRIMARY KEY, owner TEXT NOT NULL) WITHOUT ROWID;
";

/// A store of runs.
///
/// ```
/// use thalweg_lab::store::Store;
/// let store = Store::in_memory()?;
/// assert_eq!(store.count()?, 0);
/// # Ok::<(), thalweg_lab::Error>(())
/// ```
pub struct Store {
    connection: Mutex<Connection>,
    path: PathBuf,
    owner: Owner,
    /// Whether it is a file.
    is_kept: bool,
}

impl Store {
    /// Opens the store of this file; makes it, and its folder, where there is none.
    ///
    /// # Errors
    /// [`Error::Store`] for a file that is no store, is damaged or of a newer format, or cannot be written; the file stays
    /// as it is.
    pub fn open(path: &Path) -> Result<Self> {
        check_name(path)?;
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|e| {
                Error::Store(format!(
                    "The folder {} for the runs cannot be made: {e}. Name another one with `--store` or `--out`.",
                    folder.display()
                ))
            })?;
        }
        let mut connection = Connection::open(path).map_err(|e| because(path, &e))?;
        prepare(&mut connection, path)?;
        Ok(Store {
            connection: Mutex::new(connection),
            path: path.into(),
            owner: Owner::beside(path)?,
            is_kept: true,
        })
    }

    /// Opens the store of this file to be read. The file stays as it is, and may be one that cannot be written.
    ///
    /// # Errors
    /// [`Error::Store`] for a file that is no store, is damaged, of a newer format, or cannot be read.
    pub fn open_to_read(path: &Path) -> Result<Self> {
        check_name(path)?;
        let fail = |e: rusqlite::Error| because(path, &e);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let mut connection = Connection::open_with_flags(path, flags).map_err(fail)?;
        connection.busy_timeout(PATIENCE).map_err(fail)?;
        let refused = match number(&connection, "user_version") {
            Err(rusqlite::Error::SqliteFailure(e, _)) => {
                matches!(e.code, ErrorCode::CannotOpen | ErrorCode::ReadOnly)
            }
            _ => false,
        };
        if refused && !has_log(path) {
            // Beside a store in a folder that cannot be written, there is no place for the log that processes share; a store
            // that nobody can write to does not change.
            let text = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
            connection =
                Connection::open_with_flags(format!("file:{text}?immutable=1"), flags).map_err(fail)?;
        }
        check(&connection, path)?;
        Ok(Store {
            connection: Mutex::new(connection),
            path: path.into(),
            owner: Owner::nowhere(),
            is_kept: true,
        })
    }

    /// A store that is gone with the process.
    ///
    /// # Errors
    /// None that is expected.
    pub fn in_memory() -> Result<Self> {
        let path = PathBuf::from("the memory");
        let mut connection = Connection::open_in_memory().map_err(|e| because(&path, &e))?;
        prepare(&mut connection, &path)?;
        Ok(Store { connection: Mutex::new(connection), path, owner: Owner::nowhere(), is_kept: false })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A thread that panicked has left no transaction: one that is dropped is rolled back.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The runs of these names, where they are there, bit for bit as they were saved.
    ///
    /// # Errors
    /// [`Error::Store`] if the file cannot be read or is damaged.
    pub fn load(&self, names: &[RunName]) -> Result<Vec<Option<Finished>>> {
        let connection = self.lock();
        let fail = |e: rusqlite::Error| because(&self.path, &e);
        let mut statement = connection.prepare_cached(LOAD).map_err(fail)?;
        let mut all = Vec::with_capacity(names.len());
        for name in names {
            let found = match statement.query_row([name.bytes()], read).optional() {
                // A column of another type than the format's.
                Err(rusqlite::Error::InvalidColumnType(..) | rusqlite::Error::FromSqlConversionFailure(..)) => {
                    Some(None)
                }
                found => found.map_err(fail)?,
            };
            all.push(match found {
                None => None,
                Some(Some(run)) => Some(run),
                Some(None) => {
                    return Err(Error::Store(format!(
                        "Run {name} in {} is damaged; move the file away and run again, or restore a copy.",
                        self.path.display()
                    )));
                }
            });
        }
        Ok(all)
    }

    /// Saves runs, all or none. A run that is there already stays as it is, except that moments are added where it has
    /// none.
    ///
    /// # Errors
    /// [`Error::Store`] if the file cannot be written, for instance because the disk is full; it stays as it was.
    pub fn save(&self, runs: &[Finished]) -> Result<()> {
        // SQLite would go on writing to a file that nobody can find any more.
        if self.is_kept && !self.path.exists() {
            return Err(Error::Store(format!(
                "The store {} was removed while it was in use; put it back, or run again.",
                self.path.display()
            )));
        }
        let mut connection = self.lock();
        let fail = |e: rusqlite::Error| because(&self.path, &e);
        let begun = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate);
        let transaction = begun.map_err(fail)?;
        {
            let mut statement = transaction.prepare_cached(SAVE).map_err(fail)?;
            for finished in runs {
                write(&mut statement, finished).map_err(fail)?;
            }
        }
        transaction.commit().map_err(fail)
    }

    /// Asks for a job: it is this process's from now on, unless another process that lives has it.
    ///
    /// # Errors
    /// [`Error::Store`] if the file cannot be written.
    pub fn claim(&self, job: &str) -> Result<Claim> {
        let mut connection = self.lock();
        claim::claim(&mut connection, &self.owner, job).map_err(|e| because(&self.path, &e))
    }

    /// Gives a job back.
    ///
    /// # Errors
    /// [`Error::Store`] if the file cannot be written.
    pub fn release(&self, job: &str) -> Result<()> {
        let done = self.lock().execute("DELETE FROM claim WHERE job = ?1", [job]);
        done.map(|_| ()).map_err(|e| because(&self.path, &e))
    }

    /// Lets the file have at most so many pages of 4 KiB, as a quota does; what does not fit is refused like on a full disk.
    ///
    /// # Errors
    /// [`Error::Store`] if the file cannot be read.
    pub fn limit_pages(&self, pages: u32) -> Result<()> {
        let done = self.lock().pragma_update(None, "max_page_count", pages);
        done.map_err(|e| because(&self.path, &e))
    }

    /// How many runs there are.
    ///
    /// # Errors
    /// [`Error::Store`] if the file cannot be read.
    pub fn count(&self) -> Result<u64> {
        let count = self.lock().query_row("SELECT count(*) FROM run", [], |row| row.get::<_, i64>(0));
        count.map(|n| n as u64).map_err(|e| because(&self.path, &e))
    }
}

/// Switches to a log that is written ahead. SQLite does not wait for others here as it does elsewhere, so that two processes
/// which make a store at the same moment have to try again.
fn log_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let began = std::time::Instant::now();
    loop {
        let done = connection.pragma_update(None, "journal_mode", "WAL");
        let code = done.as_ref().err().and_then(rusqlite::Error::sqlite_error_code);
        let is_busy =
            matches!(code, Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked));
        if !is_busy || began.elapsed() > PATIENCE {
            return done;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Refuses what SQLite would take for something else than a file that stays.
fn check_name(path: &Path) -> Result<()> {
    let is_file = std::fs::metadata(path).map_or(true, |found| found.is_file());
    let text = path.to_string_lossy();
    if !is_file || text.starts_with(':') || text.starts_with("file:") || path.file_name().is_none() {
        return Err(Error::Store(format!(
            "{} is no file that could keep runs; name an ordinary file with `--store`.",
            path.display()
        )));
    }
    Ok(())
}

/// Whether runs are in the log beside a store, from which a process that may write would take them over.
fn has_log(path: &Path) -> bool {
    let mut name = path.as_os_str().to_os_string();
    name.push("-wal");
    std::fs::metadata(Path::new(&name)).is_ok_and(|log| log.len() > 0)
}

fn number(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

/// Refuses a newer format.
fn check_format(connection: &Connection, path: &Path) -> Result<()> {
    let format = number(connection, "user_version").map_err(|e| because(path, &e))?;
    if format > FORMAT {
        return Err(Error::Store(format!(
            "The store {} has format {format}, but this version reads up to {FORMAT}; update thalweg, or name another \
             file with `--store`.",
            path.display()
        )));
    }
    Ok(())
}

fn no_store(path: &Path) -> Error {
    Error::Store(format!(
        "{} is an SQLite file, but no store of runs; name another file with `--store`.",
        path.display()
    ))
}

/// Checks what the file is, without writing.
fn check(connection: &Connection, path: &Path) -> Result<()> {
    check_format(connection, path)?;
    match number(connection, "application_id").map_err(|e| because(path, &e))? {
        APPLICATION => Ok(()),
        _ => Err(no_store(path)),
    }
}

/// Checks what the file is, and makes the tables of a new one.
fn prepare(connection: &mut Connection, path: &Path) -> Result<()> {
    let fail = |e: rusqlite::Error| because(path, &e);
    connection.busy_timeout(PATIENCE).map_err(fail)?;
    check_format(connection, path)?;
    log_ahead(connection).map_err(fail)?;
    connection.pragma_update(None, "synchronous", "NORMAL").map_err(fail)?;
    // Only one of several processes that find the file empty makes the tables.
    let begun = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate);
    let transaction = begun.map_err(fail)?;
    let tables: i64 =
        transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(fail)?;
    let application = number(&transaction, "application_id").map_err(fail)?;
    if tables > 0 && application != APPLICATION {
        return Err(no_store(path));
    }
    if tables == 0 {
        transaction.execute_batch(SCHEMA).map_err(fail)?;
        transaction.pragma_update(None, "application_id", APPLICATION).map_err(fail)?;
        transaction.pragma_update(None, "user_version", FORMAT).map_err(fail)?;
    }
    transaction.commit().map_err(fail)
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({})", self.path.display())
    }
}
