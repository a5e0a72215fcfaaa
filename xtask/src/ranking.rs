//! `cargo xtask ranking`: the first and the last rows of what the shipped comparison prints, for the README.

use thalweg_lab::summary::table;

use crate::docs::study;

/// Where the excerpt is kept, since it takes all runs of the comparison, too many for each build of the book.
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/data/ranking.txt");

/// Rows shown before those that are left out.
const FIRST: usize = 4;

/// Columns of the README's block, in which the rates are left out.
const WIDTH: usize = 80;

/// Makes the landscapes' part of the shipped study and writes the excerpt.
pub fn write() -> Result<String, String> {
    let all = table(&study(&[], &[])?, WIDTH);
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
