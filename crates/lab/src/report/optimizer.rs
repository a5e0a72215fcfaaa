//! The page of one optimizer: what it computes, and where it wins and fails.

use std::fmt::Write;

use thalweg_plot::{Axis, Chart, Series, escape};

use super::html::{self, Cell};
use super::markdown::{inline, markup};
use super::{figures, optimizer_file, problem_file};
use crate::summary::{PartSummary, Summary};

/// How many problems are named where an optimizer wins or fails.
const NAMED: usize = 4;

/// All pages with the names of their files. An optimizer that is in several parts has one page.
pub fn pages(summary: &Summary) -> Vec<(String, String)> {
    let mut pages: Vec<(String, String)> = vec![];
    for part in &summary.parts {
        for contender in &part.contenders {
            let file = optimizer_file(contender);
            if !pages.iter().any(|(own, _)| *own == file) {
                pages.push((file, page(summary, &contender.label)));
            }
        }
    }
    pages
}

fn page(summary: &Summary, label: &str) -> String {
    let mut body = String::new();
    let all = summary.parts.iter().flat_map(|part| &part.contenders);
    let Some(info) = all.into_iter().find(|contender| contender.label == label) else { return String::new() };
    let (first, rest) = info.doc.split_once('\n').unwrap_or((&info.doc, ""));
    for (p, part) in summary.parts.iter().enumerate() {
        let Some(contender) = part.contenders.iter().position(|c| c.label == label) else { continue };
        let _ = write!(body, "<section><h2>{}</h2>", escape(&part.title));
        body.push_str(&wins(part, contender));
        body.push_str(&sensitivity(part, contender));
        body.push_str(&problems(part, p, contender));
        body.push_str("</section>");
    }
    let _ = write!(body, "<section><h2>What it computes</h2><div class=\"doc\">{}</div>", markup(rest));
    if !info.citation.is_empty() {
        let _ = write!(body, "<h3>Citation</h3><pre><code>{}</code></pre>", escape(&info.citation));
    }
    body.push_str("</section>");
    let lead = format!("<code>{}</code> — {}", escape(&info.text), inline(first));
    html::page(summary, label, &lead, &body)
}

/// The entrants of an optimizer.
fn entrants(part: &PartSummary, contender: usize) -> Vec<usize> {
    (0..part.entrants.len()).filter(|e| part.entrants[*e].contender == contender).collect()
}

fn share(part: &PartSummary, problem: usize, entrant: usize) -> f64 {
    let runs = part.result(problem, entrant).map(|cell| &cell.runs);
    runs.map_or(0.0, |runs| runs.iter().map(|run| run.share()).sum::<f64>() / runs.len().max(1) as f64)
}

/// On which problems it is farthest above and below the median of all.
fn wins(part: &PartSummary, contender: usize) -> String {
    let own = entrants(part, contender);
    if part.problems.len() < 3 || own.len() != 1 {
        return String::new();
    }
    let lead = |p: usize| {
        let all: Vec<f64> = (0..part.entrants.len()).map(|e| share(part, p, e)).collect();
        share(part, p, own[0]) - crate::statistics::quantile(&all, 0.5)
    };
    let mut leads: Vec<(usize, f64)> = (0..part.problems.len()).map(|p| (p, lead(p))).collect();
    leads.sort_by(|a, b| b.1.total_cmp(&a.1));
    let names = |of: Vec<&(usize, f64)>| {
        let each = of.into_iter().map(|(p, lead)| {
            format!("<code>{}</code> ({:+.0} %)", escape(&part.problems[*p].text), 100.0 * lead)
        });
        each.collect::<Vec<_>>().join(", ").replace('-', "−")
    };
    let above: Vec<&(usize, f64)> = leads.iter().filter(|(_, lead)| *lead > 0.02).take(NAMED).collect();
    let below: Vec<&(usize, f64)> = leads.iter().rev().filter(|(_, lead)| *lead < -0.02).take(NAMED).collect();
    let mut text = String::new();
    if !above.is_empty() {
        let _ = write!(text, "<p><b>Wins</b>, against the median of all: {}.</p>", names(above));
    }
    if !below.is_empty() {
        let _ = write!(text, "<p><b>Fails</b>: {}.</p>", names(below));
    }
    text
}

/// The share of targets over learning rates, for each group of problems.
fn sensitivity(part: &PartSummary, contender: usize) -> String {
    let mut groups: Vec<&str> = vec![];
    for problem in &part.problems {
        if !groups.contains(&problem.group.as_str()) {
            groups.push(&problem.group);
        }
    }
    let mut chart = Chart::new(
        "",
        Axis::log("learning rate"),
        Axis::linear("share of targets hit").from_to(0.0, 1.0),
    )
    .description(
        "The share of targets hit on the instances for tuning over learning rates, by group of problems.",
    )
    .size(760.0, 340.0);
    for group in groups {
        let mut curves: Vec<Vec<[f64; 2]>> = vec![];
        for (p, problem) in part.problems.iter().enumerate() {
            if problem.group == group {
                let cells = entrants(part, contender).into_iter().filter_map(|e| part.result(p, e));
                curves.extend(cells.map(figures::rates).filter(|points| points.len() > 1));
            }
        }
        let Some(first) = curves.first() else { continue };
        let mean = |k: usize| {
            let own: Vec<f64> = curves.iter().filter_map(|curve| curve.get(k)).map(|point| point[1]).collect();
            [first[k][0], own.iter().sum::<f64>() / own.len() as f64]
        };
        chart = chart.with(Series::line(group, (0..first.len()).map(mean).collect()));
    }
    match chart.series.is_empty() {
        true => String::new(),
        false => html::figure(
            &chart.svg(),
            "Mean over the problems of a group of the share of targets hit at each learning rate.",
        ),
    }
}

fn problems(part: &PartSummary, number: usize, contender: usize) -> String {
    let mut rows = vec![];
    for (p, problem) in part.problems.iter().enumerate() {
        for e in entrants(part, contender) {
            let Some(cell) = part.result(p, e) else { continue };
            let lr = cell.trials.get(cell.chosen).filter(|_| cell.width.is_some()).map(|trial| trial.trial.lr);
            let scheme = part.entrants[e].initializer.map_or("", |k| part.initializers[k].as_str());
            rows.push(vec![
                Cell::link(&problem.text, &problem_file(number, problem)),
                Cell::text(if scheme.is_empty() { &problem.group } else { scheme }),
                Cell::number(Some(-share(part, p, e)), &format!("{:.1} %", 100.0 * share(part, p, e))),
                html::time(cell.running_time.as_ref()),
                html::rate(lr),
                Cell::number(cell.width.map(|w| -w), &cell.width.map_or("–".into(), |w| format!("{w:.1}"))),
                html::ends(&cell.outcomes),
            ]);
        }
    }
    let second = if part.initializers.is_empty() { "Group" } else { "Initializer" };
    let heads =
        ["Problem", second, "#Targets hit", "#Evaluations to the last", "#Rate", "#Decades that work", "Ends"];
    html::table(&heads, &rows)
}
