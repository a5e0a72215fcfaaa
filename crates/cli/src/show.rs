//! `thalweg show`.

use std::fmt::Display;

use thalweg_lab::{Error, Result};

use crate::output::print;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The name of an optimizer, solver, schedule, initializer, landscape, task or suite
    name: String,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    print(&text(&arguments.name)?)
}

fn text(name: &str) -> Result<String> {
    if let Some(e) = thalweg_optim::entries().find(|e| e.name == name) {
        return Ok(format!(
            "{} — optimizer, {}\n\n{}{}",
            e.name,
            e.group,
            doc(e.doc),
            settings(&optimizers(e.settings), e.citation)
        ));
    }
    if let Some(e) = thalweg_optim::solvers::SOLVERS.iter().find(|e| e.name == name) {
        return Ok(format!(
            "{} — solver\n\n{}{}",
            e.name,
            doc(e.doc),
            settings(&optimizers(e.settings), e.citation)
        ));
    }
    if let Some(e) = thalweg_optim::schedules::SCHEDULES.iter().find(|e| e.name == name) {
        return Ok(format!("{} — schedule\n\n{}{}", e.name, doc(e.doc), settings(&optimizers(e.settings), "")));
    }
    if let Some(e) = thalweg_init::ENTRIES.iter().find(|e| e.name == name) {
        let all: Vec<_> =
            e.settings.iter().map(|s| row(s.name, s.default.map(|default| default()), s.doc)).collect();
        return Ok(format!("{} — initializer\n\n{}{}", e.name, doc(e.doc), settings(&all, "")));
    }
    if let Some(e) = thalweg_lab::task::ENTRIES.iter().find(|e| e.name == name) {
        return Ok(format!(
            "{} — task\n\n{}.\nBaseline: {} at {:e} for {} steps.\n",
            e.name, e.about, e.baseline, e.lr, e.steps
        ));
    }
    if let Some((_, suite)) = thalweg_lab::study::suites()?.iter().find(|(own, _)| *own == name) {
        let problems: String = suite.problems.iter().map(|problem| format!("  {problem}\n")).collect();
        return Ok(format!("{name} — suite\n\n{}\n\nProblems\n{problems}", suite.about.trim()));
    }
    match thalweg_landscapes::entry(name) {
        Ok(e) => landscape(e),
        Err(_) => {
            let lists = [
                thalweg_optim::entries().map(|e| e.name).collect::<Vec<_>>(),
                thalweg_optim::solvers::SOLVERS.iter().map(|e| e.name).collect(),
                thalweg_optim::schedules::SCHEDULES.iter().map(|e| e.name).collect(),
                thalweg_init::ENTRIES.iter().map(|e| e.name).collect(),
                thalweg_landscapes::entries().map(|e| e.name).collect(),
                thalweg_lab::task::tasks().collect(),
            ];
            let list = "`thalweg list` names everything";
            Err(Error::Study(thalweg_text::unknown(
                "optimizer, solver, schedule, initializer, landscape, task or suite",
                name,
                lists.concat(),
                list,
            )))
        }
    }
}

/// A documentation text without what is hidden in its examples, and without the targets of links.
fn doc(text: &str) -> String {
    let is_hidden = |line: &&str| line.trim() == "#" || line.trim().starts_with("# ");
    let lines = text.trim().lines().filter(|line| !is_hidden(line));
    lines.map(|line| format!("{}\n", without_links(line.trim()))).collect()
}

/// A line in which ``[`name`](target)`` and ``[`name`]`` are `name` in their backticks.
fn without_links(line: &str) -> String {
    let (mut text, mut rest) = (String::new(), line);
    while let Some((before, after)) = rest.split_once("[`") {
        let Some((name, after)) = after.split_once("`]") else { break };
        text.push_str(&format!("{before}`{name}`"));
        let target = after.strip_prefix('(').and_then(|target| target.split_once(')'));
        rest = target.map_or(after, |(_, after)| after);
    }
    text + rest
}

/// A setting: its name, its default, and what it does.
fn row(name: &'static str, default: Option<impl Display>, doc: &'static str) -> [String; 3] {
    let default = default.map_or("required".into(), |default| default.to_string());
    [name.into(), default, doc.trim().lines().next().unwrap_or_default().into()]
}

fn optimizers(all: &[thalweg_optim::SettingInfo]) -> Vec<[String; 3]> {
    let default = |s: &thalweg_optim::SettingInfo| match s.default {
        None if !s.is_required => Some("none".into()),
        default => default.map(|default| default().to_string()),
    };
    all.iter().map(|s| row(s.name, default(s), s.doc)).collect()
}

fn settings(all: &[[String; 3]], citation: &str) -> String {
    let width = all.iter().map(|[name, ..]| name.len()).max().unwrap_or(0);
    let lines: String =
        all.iter().map(|[name, default, doc]| format!("  {name:<width$}  {default}  {doc}\n")).collect();
    let lines = if all.is_empty() { String::new() } else { format!("\nSettings and their defaults\n{lines}") };
    let citation = citation.trim();
    lines + &if citation.is_empty() { String::new() } else { format!("\n{citation}\n") }
}

fn landscape(entry: &'static thalweg_landscapes::Entry) -> Result<String> {
    let landscape = entry.landscape(&[])?;
    let mut text = format!(
        "{} — landscape, {}\n\n{}\n\n{}\n\nCoordinates: {}; {} by default, in",
        entry.name,
        entry.family,
        entry.formula,
        entry.note,
        entry.dims,
        landscape.dimension()
    );
    for [low, high] in landscape.bounds().iter().take(4) {
        text.push_str(&format!(" [{low}, {high}]"));
    }
    text.push('\n');
    for parameter in entry.parameters {
        text.push_str(&format!("  {} = {}: {}\n", parameter.name, parameter.default, parameter.about));
    }
    for minimum in landscape.minima().take(8) {
        text.push_str(&format!("Minimum {:e} at {:?}\n", minimum.value, minimum.x));
    }
    for saddle in landscape.saddles().take(8) {
        text.push_str(&format!(
            "Saddle of index {} with value {:e} at {:?}\n",
            saddle.index, saddle.value, saddle.x
        ));
    }
    Ok(text + &format!("Source: {}.\n", entry.source.trim_end_matches('.')))
}
