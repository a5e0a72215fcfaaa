//! The page of one problem.

use std::fmt::Write;

use thalweg_plot::escape;

use super::html::{self, Cell};
use super::overview::{SHOWN, chart};
use super::{figures, optimizer_file, order};
use crate::error::Result;
use crate::summary::{PartSummary, Summary};

pub fn page(summary: &Summary, part: usize, problem: usize) -> Result<String> {
    let own = &summary.parts[part];
    let info = &own.problems[problem];
    let mut body = String::new();
    if !info.formula.is_empty() {
        let _ = write!(body, "<p class=\"formula\">{}</p>", escape(&info.formula));
    }
    if !info.note.is_empty() {
        let _ = write!(body, "<p>{}</p>", escape(&info.note));
    }
    if let Some(mut map) = figures::ways(summary, part, problem)? {
        let [.., steps] = [0, map.ways.iter().map(|way| way.points.len()).max().unwrap_or(0)];
        map.legend = true;
        let plane = if info.dimension > 2 {
            format!(
                " Of its {} coordinates the first two are seen; contours are those of the plane through the lowest minimum \
                 that is known, ways are projected onto it.",
                info.dimension
            )
        } else {
            String::new()
        };
        let _ = write!(
            body,
            "<h2>Ways</h2><div class=\"player\" data-shown=\"{SHOWN}\" data-steps=\"{steps}\">{}\
             <div class=\"controls\"><button type=\"button\" class=\"play\" aria-label=\"Play\">▶</button>\
             <input type=\"range\" min=\"0\" max=\"1000\" value=\"1000\" aria-label=\"Step\"><output>all steps</output></div></div>",
            html::figure(
                &map.svg(),
                &format!(
                    "Ways from the start of the first instance, each optimizer at its chosen settings, the first {steps} points. \
                     Stars are lowest minima, green dots other minima, red crosses saddles, the square is the start.{plane} \
                     Click a name to switch its way.",
                )
            )
        );
    }
    body.push_str("<h2>Value over evaluations</h2>");
    body.push_str(&chart(
        &figures::progress(own, problem).svg(),
        "Median over the reported instances of the lowest value so far; the band is from the lower to the upper quartile.",
    ));
    if let Some(sensitivity) = figures::sensitivity(own, problem) {
        body.push_str("<h2>Learning rates</h2>");
        body.push_str(&chart(
            &sensitivity.svg(),
            "The share of targets hit on the instances for tuning. A wide plateau is an optimizer that forgives.",
        ));
    }
    body.push_str("<h2>Results</h2>");
    body.push_str(&results(own, problem));
    body.push_str(&html::ends_legend());
    if !info.source.is_empty() {
        let _ = write!(body, "<p class=\"source\">Source: {}.</p>", escape(info.source.trim_end_matches('.')));
    }
    let lead = match info.dimension {
        0 => format!(
            "A task; {} targets down to a held-out loss of {:.4}.",
            info.targets.len(),
            info.targets.last().unwrap_or(&0.0)
        ),
        n => format!("A {} of {n} coordinates.", escape(&info.group)),
    };
    Ok(html::page(summary, &info.text, &lead, &body))
}

fn results(part: &PartSummary, problem: usize) -> String {
    let row = |e: usize| {
        let cell = part.result(problem, e)?;
        let entrant = &part.entrants[e];
        let share = cell.runs.iter().map(|run| run.share()).sum::<f64>() / cell.runs.len().max(1) as f64;
        let saddles: Vec<String> = cell
            .runs
            .iter()
            .filter_map(|run| match run.outcome {
                crate::run::Outcome::Saddle { index } => Some(index.to_string()),
                _ => None,
            })
            .collect();
        let lr = cell.trials.get(cell.chosen).filter(|_| cell.width.is_some()).map(|trial| trial.trial.lr);
        Some(vec![
            Cell::link(&entrant.label, &optimizer_file(&part.contenders[entrant.contender])),
            Cell::number(Some(-share), &format!("{:.1} %", 100.0 * share)),
            html::time(cell.running_time.as_ref()),
            html::rate(lr),
            Cell::number(cell.width.map(|w| -w), &cell.width.map_or("–".into(), |w| format!("{w:.1}"))),
            html::ends(&cell.outcomes),
            Cell::text(&saddles.join(", ")),
        ])
    };
    let rows: Vec<Vec<Cell>> = order(part).into_iter().filter_map(row).collect();
    let heads = [
        "Entrant",
        "#Targets hit",
        "#Evaluations to the last",
        "#Rate",
        "#Decades that work",
        "Ends",
        "Index of saddles",
    ];
    html::table(&heads, &rows)
}
