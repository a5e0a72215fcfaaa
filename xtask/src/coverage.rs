//! The table of Burn's differentiable operations, each cell filled in by running it.

use std::fmt::Write as _;
use std::path::PathBuf;

use burn::tensor::{DType, Device};

use crate::cases::{self, Case};
use crate::checks::{Law, check as failures};

const LAWS: [Law; 5] = [Law::Value, Law::Forward, Law::Reverse, Law::Second, Law::Batch];

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/coverage.md")
}

/// For each law, whether it holds for a case in f64, or in f32 where the function refuses f64.
fn holds(case: &Case) -> [bool; 5] {
    let no_f64 = matches!(case.limit, Some((cases::Limit::NoF64, _)));
    let dtype = if no_f64 { DType::F32 } else { DType::F64 };
    let found = failures(case, &Device::flex(), dtype);
    for (law, why) in &found {
        eprintln!("{}: {law:?}: {why}", case.name);
    }
    LAWS.map(|law| found.iter().all(|(failed, _)| *failed != law))
}

fn row(table: &mut String, name: &str, cells: &[[bool; 5]]) {
    let cell = |k: usize| if cells.iter().all(|c| c[k]) { "yes" } else { "**no**" };
    let cells: Vec<&str> = (0..LAWS.len()).map(cell).collect();
    let _ = writeln!(table, "| {name} | {} |", cells.join(" | "));
}

fn table() -> String {
    let all = cases::all();
    let results: Vec<[bool; 5]> = all.iter().map(holds).collect();
    let head = "| value | forward | reverse | second order | batch |\n|---|---|---|---|---|---|\n";
    let mut text = format!(
        "# What can be differentiated\n\n\
         Written by `cargo xtask coverage`, which runs every operation in f64 on flex: the value against eager Burn, \
         reverse mode against burn-autodiff, forward mode by the adjoint identity, second derivatives against central \
         differences of gradients, their symmetry and the Taylor remainder, and lanes against a loop. A cell is *yes* \
         if that holds for all cases of the row.\n\n\
         ## Operations of burn-autodiff\n\n\
         Every method of burn-autodiff 0.22.1 that registers a backward step, but for those below.\n\n\
         | operation {head}"
    );
    for operation in cases::OPERATIONS {
        let cells: Vec<[bool; 5]> = (all.iter().zip(&results))
            .filter(|(case, _)| case.covers.contains(operation))
            .map(|(_, result)| *result)
            .collect();
        if !cells.is_empty() {
            row(&mut text, &format!("`{operation}`"), &cells);
        }
    }
    text += &format!("\n## Functions and layers\n\n| case {head}");
    for (case, result) in all.iter().zip(&results).filter(|(case, _)| case.covers.is_empty()) {
        row(&mut text, case.name, &[*result]);
    }
    text += "\n## Refused, with the reason\n\n| operation | reason |\n|---|---|\n";
    for (name, why) in cases::REFUSED {
        let _ = writeln!(text, "| `{name}` | {why} |");
    }
    text += "\n## Where Burn itself falls short of f64\n\n| case | how |\n|---|---|\n";
    for case in &all {
        if let Some((_, why)) = case.limit {
            let _ = writeln!(text, "| {} | {why} |", case.name);
        }
    }
    text
}

/// Writes the table.
pub fn write() -> Result<String, String> {
    let (path, text) = (path(), table());
    let folder = path.parent().ok_or("docs/ has no parent folder")?;
    std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, &text)).map_err(|error| {
        format!("docs/coverage.md cannot be written: {error}. Check that the folder is writable.")
    })?;
    Ok(format!("docs/coverage.md: {} cells are no.", text.matches("**no**").count()))
}

/// Fails if the table on disk is not the one that would be written.
pub fn check() -> Result<String, String> {
    let on_disk = std::fs::read_to_string(path()).unwrap_or_default();
    if on_disk == table() {
        Ok("docs/coverage.md is up to date.".into())
    } else {
        Err("docs/coverage.md is not what the code gives now. Run `cargo xtask coverage` and commit it.".into())
    }
}
