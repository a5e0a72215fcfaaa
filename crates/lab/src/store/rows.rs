//! Runs as rows.

use rusqlite::{Row, params};

use super::blob;
use crate::run::{Finished, Outcome, Precision, Run};

pub const LOAD: &str = "SELECT problem, instance, start, optimizer, lr, initializer, seed, budget, precision, outcome, \
                    saddle, evaluations, numbers, hits, records FROM run WHERE name = ?1";

/// A run with moments takes the place of the same one without; everything else stays as it was saved first.
pub const SAVE: &str = "INSERT INTO run VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) \
                    ON CONFLICT (name) DO UPDATE SET numbers = excluded.numbers, records = excluded.records \
                    WHERE length(run.records) <= 8 AND length(excluded.records) > 8";

/// Saves a run.
pub fn write(statement: &mut rusqlite::CachedStatement, finished: &Finished) -> rusqlite::Result<()> {
    let Finished { run, outcome, evaluations, value, best, gradient, distance, seconds, hits, records, .. } =
        finished;
    let (outcome, saddle) = match outcome {
        Outcome::Saddle { index } => ("saddle", Some(*index)),
        outcome => (Outcome::KINDS[outcome.kind()], None),
    };
    statement.execute(params![
        run.name().bytes(),
        run.problem,
        run.instance as i64,
        run.start,
        run.optimizer,
        run.lr,
        run.initializer,
        run.seed as i64,
        run.budget as i64,
        match run.precision {
            Precision::F32 => "f32",
            Precision::F64 => "f64",
        },
        outcome,
        saddle,
        *evaluations as i64,
        // A column of SQLite would turn NaN into NULL.
        blob::numbers(&[*value, *best, *gradient, *distance, *seconds]),
        blob::hits(hits),
        blob::records(records),
    ])?;
    Ok(())
}

/// A row; nothing if it is none that this format can hold.
pub fn read(row: &Row) -> rusqlite::Result<Option<Finished>> {
    let precision = match row.get_ref(8)?.as_str()? {
        "f32" => Precision::F32,
        "f64" => Precision::F64,
        _ => return Ok(None),
    };
    let run = Run {
        problem: row.get(0)?,
        instance: row.get::<_, i64>(1)? as u64,
        start: row.get(2)?,
        optimizer: row.get(3)?,
        lr: row.get(4)?,
        initializer: row.get(5)?,
        seed: row.get::<_, i64>(6)? as u64,
        budget: row.get::<_, i64>(7)? as u64,
        precision,
    };
    let outcome = match row.get_ref(9)?.as_str()? {
        "converged" => Outcome::Converged,
        "wrong basin" => Outcome::WrongBasin,
        "saddle" => Outcome::Saddle { index: row.get::<_, Option<u32>>(10)?.unwrap_or(0) },
        "plateau" => Outcome::Plateau,
        "diverged" => Outcome::Diverged,
        "out of budget" => Outcome::OutOfBudget,
        _ => return Ok(None),
    };
    let numbers = blob::read_numbers(row.get_ref(12)?.as_blob()?);
    let Some([value, best, gradient, distance, seconds]) = numbers else { return Ok(None) };
    let hits = blob::read_hits(row.get_ref(13)?.as_blob()?);
    let records = blob::read_records(row.get_ref(14)?.as_blob()?);
    let (Some(hits), Some(records)) = (hits, records) else { return Ok(None) };
    let Ok(evaluations) = u64::try_from(row.get::<_, i64>(11)?) else { return Ok(None) };
    let is_cut = false;
    Ok(Some(Finished {
        run,
        outcome,
        evaluations,
        value,
        best,
        gradient,
        distance,
        seconds,
        is_cut,
        hits,
        records,
    }))
}
