//! `cargo xtask ranking`: the first and the last rows of what the shipped comparison prints, for the README.

use std::sync::atomic::AtomicBool;

use thalweg_lab::compare::{Options, compare};
use thalweg_lab::store::Store;
use thalweg_lab::study::shipped;
use thalweg_lab::summary::{summarize, table};

/// Where the excerpt is kept, since its runs take minutes.
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/data/ranking.txt");

/// Rows shown before those that are left out.
const FIRST: usize = 4;

/// Columns of the README's block, in which the rates are left out.
const WIDTH: usize = 80;

/// Makes the landscapes' part of the shipped study and writes the excerpt.
pub fn write() -> Result<String, String> {
    let text = |e: thalweg_lab::Error| e.to_string();
    let mut study = shipped().map_err(text)?;
    study.parts.truncate(1);
    let (store, stop) = (Store::in_memory().map_err(text)?, AtomicBool::new(false));
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let compared = compare(&study, &[], &store, &Options { jobs, stop: &stop }, &|_| {}).map_err(text)?;
    let all = table(&summarize(&study, &[], &compared.parts).map_err(text)?, WIDTH);
    let rows: Vec<&str> =
        all.lines().skip_while(|line| !line.starts_with("rank")).take_while(|line| !line.is_empty()).collect();
    let last = rows.last().ok_or("the comparison has no ranking")?;
    let mut excerpt: Vec<&str> = rows.iter().take(1 + FIRST).copied().collect();
    excerpt.extend(["   …", last]);
    std::fs::write(PATH, excerpt.join("\n") + "\n").map_err(|e| format!("{PATH} cannot be written: {e}"))?;
    Ok(format!("wrote {PATH}\ncargo xtask docs --generate puts it into the README"))
}

/// The excerpt as a block of the README.
pub fn block() -> Result<String, String> {
    let rows = std::fs::read_to_string(PATH).map_err(|e| format!("{PATH}: {e}; run `cargo xtask ranking`"))?;
    Ok(format!("```text\n{rows}```"))
}
