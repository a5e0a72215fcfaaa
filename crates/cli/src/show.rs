//! `thalweg show`.

use thalweg_lab::{Error, Result};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The name of an optimizer, solver, initializer, landscape or task
    name: String,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    print!("{}", text(&arguments.name)?);
    Ok(())
}

fn text(name: &str) -> Result<String> {
    if let Some(e) = thalweg_optim::entries().find(|e| e.name == name) {
        return Ok(format!(
            "{} — optimizer, {}\n\n{}{}",
            e.name,
            e.group,
            doc(e.doc),
            settings(e.settings, e.citation)
        ));
    }
    if let Some(e) = thalweg_optim::solvers::SOLVERS.iter().find(|e| e.name == name) {
        return Ok(format!("{} — solver\n\n{}{}", e.name, doc(e.doc), settings(e.settings, e.citation)));
    }
    if let Some(e) = thalweg_init::ENTRIES.iter().find(|e| e.name == name) {
        return Ok(format!("{} — initializer\n\n{}", e.name, doc(e.doc)));
    }
    if let Some(e) = thalweg_lab::task::ENTRIES.iter().find(|e| e.name == name) {
        return Ok(format!(
            "{} — task\n\n{}.\nBaseline: {} at {:e} for {} steps.\n",
            e.name, e.about, e.baseline, e.lr, e.steps
        ));
    }
    match thalweg_landscapes::entry(name) {
        Ok(e) => landscape(e),
        Err(_) => {
            let lists = [
                thalweg_optim::entries().map(|e| e.name).collect::<Vec<_>>(),
                thalweg_optim::solvers::SOLVERS.iter().map(|e| e.name).collect(),
                thalweg_init::ENTRIES.iter().map(|e| e.name).collect(),
                thalweg_landscapes::entries().map(|e| e.name).collect(),
                thalweg_lab::task::tasks().collect(),
            ];
            let list = "`thalweg list` names everything";
            Err(Error::Study(thalweg_text::unknown(
                "optimizer, initializer, landscape or task",
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

fn settings(all: &[thalweg_optim::SettingInfo], citation: &str) -> String {
    let width = all.iter().map(|s| s.name.len()).max().unwrap_or(0);
    let setting = |s: &thalweg_optim::SettingInfo| {
        let default = s.default.map_or("required".into(), |default| default().to_string());
        format!("  {:<width$}  {default}  {}\n", s.name, s.doc.trim().lines().next().unwrap_or_default())
    };
    let lines: String = all.iter().map(setting).collect();
    format!("\nSettings and their defaults\n{lines}\n{}\n", citation.trim())
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
