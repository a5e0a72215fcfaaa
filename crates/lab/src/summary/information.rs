//! What is said of problems and optimizers beside their numbers.

use serde::{Deserialize, Serialize};
use thalweg_landscapes::Landscape;

use crate::method::Method;
use crate::problem::Held;
use crate::study::Contender;

/// A problem, for readers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProblemInfo {
    /// The text that reads back, or the task's name.
    pub text: String,
    /// Whether [`problem`](crate::problem::problem) makes it from the text, which is false for one that the caller brought along.
    #[serde(default)]
    pub reads_back: bool,
    /// What the files of its page and pictures are called after their kind.
    #[serde(default)]
    pub file: String,
    /// What it is listed under.
    pub group: String,
    /// The number of coordinates or parameters.
    pub dimension: usize,
    /// The formula; empty for tasks.
    pub formula: String,
    /// What makes it worth having.
    pub note: String,
    /// Where it comes from.
    pub source: String,
    /// What values are measured from.
    pub lowest: f64,
    /// The values to get down to.
    pub targets: Vec<f64>,
}

/// An optimizer, for readers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContenderInfo {
    /// What tables call it.
    pub label: String,
    /// What the file of its page is called after its kind.
    #[serde(default)]
    pub file: String,
    /// The text that reads back.
    pub text: String,
    /// The name in the registry.
    pub name: String,
    /// Its documentation in Markdown; the first line is a summary.
    pub doc: String,
    /// Its source in BibTeX, or nothing.
    pub citation: String,
    /// Whether it has a learning rate to tune.
    pub has_rate: bool,
}

/// A problem, for readers.
pub fn problem_info(problem: &Held) -> ProblemInfo {
    let landscape = problem.landscape();
    let entry = landscape.and_then(Landscape::entry);
    let text =
        |of: fn(&thalweg_landscapes::Entry) -> &'static str| entry.map(of).unwrap_or_default().to_string();
    ProblemInfo {
        text: problem.name(),
        reads_back: matches!(problem, Held::Made(_)),
        file: String::new(),
        group: problem.group().into(),
        dimension: landscape.map_or(0, Landscape::dimension),
        formula: text(|entry| entry.formula),
        note: text(|entry| entry.note),
        source: text(|entry| entry.source),
        lowest: problem.lowest(),
        targets: problem.targets().to_vec(),
    }
}

/// An optimizer, for readers.
pub fn contender_info(contender: &Contender, method: &Method) -> ContenderInfo {
    ContenderInfo {
        label: contender.label.clone(),
        file: String::new(),
        text: method.to_string(),
        name: method.name(),
        doc: method.doc().trim().into(),
        citation: method.citation().trim().into(),
        has_rate: method.has_rate(),
    }
}
