//! `thalweg list`.

use std::fmt::Write;

use clap::ValueEnum;
use thalweg_lab::Result;

use crate::output::{print, print_line};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What to list; everything where nothing is said
    what: Option<What>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// Optimizers, which make a step of a gradient
    Optimizers,
    /// Solvers, which ask for what they need
    Solvers,
    /// Schedules of the learning rate
    Schedules,
    /// Initializers
    Initializers,
    /// Landscapes
    Landscapes,
    /// Tasks, which train a model
    Tasks,
    /// Suites of problems
    Suites,
}

/// One line of a list.
#[derive(Clone)]
struct Line {
    name: String,
    group: String,
    about: String,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    let asked = arguments.what.as_ref().map_or(What::value_variants(), std::slice::from_ref);
    let lines = asked.iter().map(|what| lines(*what)).collect::<Result<Vec<_>>>()?.concat();
    if arguments.json {
        let all: Vec<serde_json::Value> = lines
            .iter()
            .map(|line| serde_json::json!({"name": line.name, "group": line.group, "about": line.about}))
            .collect();
        return print_line(&serde_json::Value::from(all).to_string());
    }
    let width = lines.iter().map(|line| line.name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    let mut group = "";
    for line in &lines {
        if line.group != group {
            group = &line.group;
            let _ = writeln!(text, "{}{group}", if text.is_empty() { "" } else { "\n" });
        }
        let _ = writeln!(text, "  {:<width$}  {}", line.name, line.about);
    }
    print(&text)
}

/// The first sentence of a text.
fn first(text: &str) -> String {
    text.trim().lines().next().unwrap_or_default().trim_end_matches('.').into()
}

fn lines(what: What) -> Result<Vec<Line>> {
    let line = |name: &str, group: &str, about: &str| Line {
        name: name.into(),
        group: group.into(),
        about: first(about),
    };
    Ok(match what {
        What::Optimizers => thalweg_optim::entries().map(|e| line(e.name, e.group, e.doc)).collect(),
        What::Solvers => {
            thalweg_optim::solvers::SOLVERS.iter().map(|e| line(e.name, "solvers", e.doc)).collect()
        }
        What::Schedules => {
            thalweg_optim::schedules::SCHEDULES.iter().map(|e| line(e.name, "schedules", e.doc)).collect()
        }
        What::Initializers => {
            thalweg_init::ENTRIES.iter().map(|e| line(e.name, "initializers", e.doc)).collect()
        }
        What::Landscapes => {
            thalweg_landscapes::entries().map(|e| line(e.name, e.family.name(), e.formula)).collect()
        }
        What::Tasks => thalweg_lab::task::ENTRIES.iter().map(|e| line(e.name, "tasks", e.about)).collect(),
        What::Suites => thalweg_lab::study::suites()?
            .iter()
            .map(|(name, suite)| line(name, "suites", &suite.about))
            .collect(),
    })
}
