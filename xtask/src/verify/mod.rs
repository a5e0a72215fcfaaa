//! `cargo xtask verify PATH…`: holds the project against files of reference figures.
//!
//! The kind of a file is told from its content, so files may have any name. Adding a kind is one file in this folder
//! and one line in [`KINDS`].

mod bbob;
mod initializers;
mod json;
mod landscape_facts;
mod landscapes;
mod mgh;
mod optimizers;
mod points;
mod report;
mod saddle_chain;
mod saddle_chain_escape;
mod schedules;

use std::path::Path;

use serde_json::Value;

pub use report::Report;

/// A kind of reference file: its name, how it is known, and what checks it.
struct Kind {
    name: &'static str,
    matches: fn(&Value) -> bool,
    check: fn(&Value, &mut Report),
}

const KINDS: &[Kind] = &[
    Kind { name: "BBOB functions", matches: bbob::matches, check: bbob::check },
    Kind { name: "facts about landscapes", matches: landscape_facts::matches, check: landscape_facts::check },
    Kind { name: "initializers", matches: initializers::matches, check: initializers::check },
    Kind { name: "landscapes", matches: landscapes::matches, check: landscapes::check },
    Kind { name: "Moré–Garbow–Hillstrom problems", matches: mgh::matches, check: mgh::check },
    Kind { name: "optimizers", matches: optimizers::matches, check: optimizers::check },
    Kind { name: "saddle chain", matches: saddle_chain::matches, check: saddle_chain::check },
    Kind {
        name: "saddle chain escapes",
        matches: saddle_chain_escape::matches,
        check: saddle_chain_escape::check,
    },
    Kind { name: "schedules", matches: schedules::matches, check: schedules::check },
];

/// Checks each file and prints what fails; the error counts the failures.
pub fn run(paths: &[&str]) -> Result<String, String> {
    let mut failed = 0;
    for path in paths {
        failed += file(Path::new(path))?;
    }
    match failed {
        0 => Ok(format!("All {} files agree.", paths.len())),
        n => Err(format!("{n} cases disagree with their reference.")),
    }
}

fn file(path: &Path) -> Result<usize, String> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|e| format!("{name} cannot be read ({e}); give the path of a file of reference figures."))?;
    let content: Value = json::read(&text).map_err(|e| format!("{name} is not JSON: {e}."))?;
    let Some(kind) = KINDS.iter().find(|kind| (kind.matches)(&content)) else {
        let known: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
        return Err(format!("{name} holds no reference figures of a known kind ({}).", known.join(", ")));
    };
    println!("{name}: {}", kind.name);
    let mut report = Report::default();
    (kind.check)(&content, &mut report);
    println!("{report}");
    Ok(report.failed())
}
