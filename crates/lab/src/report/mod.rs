//! The report: one folder of pages that open offline, in light and dark, on a phone and printed.

mod figures;
mod html;
mod initializers;
mod markdown;
mod method;
mod optimizer;
mod overview;
mod problem;

use std::path::Path;

use crate::error::{Error, Result};
use crate::export;
use crate::summary::{ContenderInfo, PartSummary, ProblemInfo, Summary};

pub use figures::{figure, figure_names, map};

/// The stylesheet and the script of all pages.
const ASSETS: [(&str, &str); 2] =
    [("report.css", include_str!("assets/report.css")), ("report.js", include_str!("assets/report.js"))];

/// Writes the report of a summary to a folder, which is made where it does not exist. Pages of an earlier report are
/// replaced; other files stay.
///
/// # Errors
/// [`Error::File`] for what cannot be written, and what computing the pictures fails with.
pub fn write(summary: &Summary, folder: &Path) -> Result<()> {
    let failed = |path: &Path, e: std::io::Error| {
        Error::File(format!("{} cannot be written: {e}. Name another folder with `--out`.", path.display()))
    };
    let put = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|e| failed(&path, e))
    };
    std::fs::create_dir_all(folder).map_err(|e| failed(folder, e))?;
    for (name, text) in ASSETS {
        put(name, text)?;
    }
    put("index.html", &overview::page(summary))?;
    put("method.html", &method::page(summary))?;
    for (part, own) in summary.parts.iter().enumerate() {
        for (k, problem) in own.problems.iter().enumerate() {
            put(&problem_file(part, problem), &problem::page(summary, part, k)?)?;
        }
    }
    for (name, text) in optimizer::pages(summary) {
        put(&name, &text)?;
    }
    if summary.parts.iter().any(|part| !part.initializers.is_empty()) {
        put("initializers.html", &initializers::page(summary)?)?;
    }
    put("runs.csv", &export::csv(summary))?;
    put("references.bib", &export::bibtex(summary))?;
    put("study.toml", &summary.study.to_toml()?)?;
    put("summary.json", &export::json(summary)?)
}

/// The file of a problem's page.
fn problem_file(part: usize, problem: &ProblemInfo) -> String {
    format!("problem-{part}-{}.html", problem.file)
}

/// The file of an optimizer's page.
fn optimizer_file(contender: &ContenderInfo) -> String {
    format!("optimizer-{}.html", contender.file)
}

/// The entrants of a part from the best to the last, overall.
fn order(part: &PartSummary) -> Vec<usize> {
    match part.rankings.first() {
        Some(ranking) => ranking.rows.iter().map(|row| row.entrant).collect(),
        None => (0..part.entrants.len()).collect(),
    }
}
