//! What others read: tables, references, and COCO's format.

mod coco;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

pub use coco::coco;

use crate::error::{Error, Result};
use crate::summary::Summary;

/// Every reported run as a table of comma-separated values, with a line of names first.
pub fn csv(summary: &Summary) -> String {
    let mut text = String::from(
        "part,problem,group,entrant,optimizer,initializer,lr,instance,outcome,evaluations,targets_hit,best_value,\
         evaluations_to_last_target,run\n",
    );
    for part in &summary.parts {
        for (p, problem) in part.problems.iter().enumerate() {
            for (e, entrant) in part.entrants.iter().enumerate() {
                let Some(cell) = part.result(p, e) else { continue };
                let lr = cell.trials.get(cell.chosen).map_or(f64::NAN, |trial| trial.trial.lr);
                for run in &cell.runs {
                    let fields = [
                        quoted(&part.title),
                        quoted(&problem.text),
                        quoted(&problem.group),
                        quoted(&entrant.label),
                        quoted(&part.contenders[entrant.contender].text),
                        quoted(entrant.initializer.map_or("", |k| part.initializers[k].as_str())),
                        format!("{lr:e}"),
                        run.instance.to_string(),
                        quoted(&run.outcome.label()),
                        run.evaluations.to_string(),
                        run.hits.iter().flatten().count().to_string(),
                        run.best.map_or(String::new(), |best| format!("{best:e}")),
                        run.hits.last().copied().flatten().map_or(String::new(), |hit| hit.to_string()),
                        run.name.clone(),
                    ];
                    let _ = writeln!(text, "{}", fields.join(","));
                }
            }
        }
    }
    text
}

/// A name that is fit for a file: letters and digits in lower case with single hyphens between.
fn file_name(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => name.push(c.to_ascii_lowercase()),
            _ if name.ends_with('-') || name.is_empty() => {}
            _ => name.push('-'),
        }
    }
    name.trim_end_matches('-').into()
}

/// Names of files for texts, each text its own: where two would have one name, the later one gets a number.
pub fn file_names<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeMap<&'a str, String> {
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for text in texts {
        if names.contains_key(text) {
            continue;
        }
        let slug = Some(file_name(text)).filter(|slug| !slug.is_empty()).unwrap_or("unnamed".into());
        let numbered = (2..).map(|k| format!("{slug}-{k}"));
        let free = [slug.clone()].into_iter().chain(numbered).find(|name| !taken.contains(name));
        let name = free.unwrap_or(slug);
        taken.insert(name.clone());
        names.insert(text, name);
    }
    names
}

/// A field in quotes where it needs them.
fn quoted(text: &str) -> String {
    match text.contains([',', '"', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.into(),
    }
}

/// Every number of a summary as JSON, in four significant digits.
///
/// # Errors
/// None that is expected.
pub fn json(summary: &Summary) -> Result<String> {
    let text = |value: Result<serde_json::Value, serde_json::Error>| {
        value.map_err(|e| Error::File(format!("The summary cannot be written as JSON: {e}.")))
    };
    let mut value = text(serde_json::to_value(summary))?;
    round(&mut value);
    Ok(value.to_string())
}

/// Rounds all numbers that are not whole.
fn round(value: &mut serde_json::Value) {
    use serde_json::Value;
    match value {
        Value::Array(all) => all.iter_mut().for_each(round),
        Value::Object(all) => all.values_mut().for_each(round),
        Value::Number(number) if number.is_f64() => {
            let rounded = number.as_f64().and_then(|x| format!("{x:.3e}").parse::<f64>().ok());
            if let Some(own) = rounded.and_then(serde_json::Number::from_f64) {
                *number = own;
            }
        }
        _ => {}
    }
}

/// The sources of all that was used, in BibTeX, each once.
pub fn bibtex(summary: &Summary) -> String {
    let mut entries: Vec<&str> = vec![];
    for contender in summary.parts.iter().flat_map(|part| &part.contenders) {
        for entry in contender.citation.split("\n\n").map(str::trim).filter(|entry| !entry.is_empty()) {
            if !entries.contains(&entry) {
                entries.push(entry);
            }
        }
    }
    entries.sort_unstable();
    entries.join("\n\n") + "\n"
}
