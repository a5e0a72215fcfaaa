//! The first page: rankings, shares of targets, and where to go on.

use std::fmt::Write;

use thalweg_plot::escape;

use super::html::{self, Cell};
use super::{figures, optimizer_file, problem_file};
use crate::summary::{PartSummary, Ranking, Summary};

/// How many series of a chart are switched on at first.
pub(super) const SHOWN: usize = 8;

pub fn page(summary: &Summary) -> String {
    let mut body = String::new();
    for (p, part) in summary.parts.iter().enumerate() {
        let runs: usize = part.results.iter().map(|cell| cell.runs.len()).sum();
        let _ = write!(
            body,
            "<section><h2>{}</h2><p>{} problems, {} entrants, {runs} runs reported, at most {} evaluations each. \
             {}</p>",
            escape(&part.title),
            part.problems.len(),
            part.entrants.len(),
            part.budget,
            findings(part)
        );
        body.push_str(&rankings(part, p));
        body.push_str(&html::ends_legend());
        body.push_str("<h3>Share of targets over evaluations</h3>");
        body.push_str(&chart(
            &figures::ecdf(part).svg(),
            "Of all pairs of target and run, the share that is hit within so many evaluations, with its 95 % interval by the \
             bootstrap. Higher and further left is better. Point at a name to see its line, click to switch it.",
        ));
        if part.problems.len() > 1 {
            body.push_str("<h3>Performance profile</h3>");
            body.push_str(&chart(
                &figures::performance(part).svg(),
                "The share of problems that an entrant solves within a factor τ of the fastest one, by expected running \
                 time (Dolan and Moré). At τ = 1: where it is the fastest.",
            ));
        }
        body.push_str("<details><summary>Data profile</summary>");
        body.push_str(&chart(
            &figures::data(part).svg(),
            "The share of problems that an entrant solves within so many evaluations for each coordinate and one (Moré and \
             Wild), by expected running time.",
        ));
        body.push_str("</details><details><summary>Tests against the best</summary>");
        body.push_str(&against_the_best(part));
        body.push_str("</details><h3>Problems</h3>");
        body.push_str(&problems(part, p));
        body.push_str("</section>");
    }
    let _ = write!(
        body,
        "<section><h2>Downloads</h2><p><a href=\"runs.csv\" download>runs.csv</a>: every reported run · \
         <a href=\"summary.json\" download>summary.json</a>: every number of this report · \
         <a href=\"study.toml\" download>study.toml</a>: the study, to run it again · \
         <a href=\"references.bib\" download>references.bib</a>: all that was used</p></section>"
    );
    html::page(summary, &summary.study.name, &escape(&summary.study.description), &body)
}

/// A chart of which some series are switched off at first.
pub(super) fn chart(svg: &str, caption: &str) -> String {
    format!("<div class=\"chart\" data-shown=\"{SHOWN}\">{}</div>", html::figure(svg, caption))
}

/// What stands out, in a sentence.
fn findings(part: &PartSummary) -> String {
    let Some(first) = part.rankings.first() else { return String::new() };
    let Some(best) = first.rows.first() else { return String::new() };
    let tied = first.rows.iter().filter(|row| row.rank == 1).count() - 1;
    let widest = first.rows.iter().filter_map(|row| row.width.map(|width| (row, width)));
    let widest = widest.max_by(|a, b| a.1.total_cmp(&b.1));
    let label = |entrant: usize| format!("<b>{}</b>", escape(&part.entrants[entrant].label));
    let mut text = format!(
        "The largest share of targets is hit by {} ({:.0} %)",
        label(best.entrant),
        100.0 * best.share.value
    );
    if tied > 0 {
        let _ = write!(text, ", from which {tied} more cannot be told apart");
    }
    text.push('.');
    if let Some((row, width)) = widest {
        let _ = write!(
            text,
            " {} works over the widest range of learning rates: {width:.1} factors of ten on the median problem.",
            label(row.entrant)
        );
    }
    text
}

/// One table for each scope, of which one is seen at a time.
fn rankings(part: &PartSummary, number: usize) -> String {
    let mut text = String::from("<div class=\"tabs\" role=\"tablist\">");
    for (k, ranking) in part.rankings.iter().enumerate() {
        let _ = write!(
            text,
            "<button type=\"button\" role=\"tab\" aria-selected=\"{}\" aria-controls=\"rank-{number}-{k}\">{}</button>",
            k == 0,
            escape(&ranking.scope)
        );
    }
    text.push_str("</div>");
    for (k, ranking) in part.rankings.iter().enumerate() {
        let hidden = if k == 0 { "" } else { " hidden" };
        let _ = write!(
            text,
            "<div role=\"tabpanel\" id=\"rank-{number}-{k}\"{hidden}>{}</div>",
            ranking_table(part, ranking)
        );
    }
    text
}

fn ranking_table(part: &PartSummary, ranking: &Ranking) -> String {
    let row = |row: &crate::summary::RankRow| {
        let entrant = &part.entrants[row.entrant];
        let contender = &part.contenders[entrant.contender];
        vec![
            Cell::number(Some(row.rank as f64), &row.rank.to_string()),
            Cell::link(&entrant.label, &optimizer_file(contender)),
            html::share(&row.share),
            html::time(row.running_time.as_ref()),
            html::rate(row.lr),
            Cell::number(row.width.map(|w| -w), &row.width.map_or("–".into(), |w| format!("{w:.1}"))),
            html::ends(&row.outcomes),
            Cell::number(Some(row.stability[0] as f64), &format!("{}–{}", row.stability[0], row.stability[1])),
        ]
    };
    let rows: Vec<Vec<Cell>> = ranking.rows.iter().map(row).collect();
    let heads = [
        "#Rank",
        "Entrant",
        "Targets hit",
        "#Evaluations to the last",
        "#Best rate",
        "#Decades that work",
        "Ends",
        "#Rank, 95 %",
    ];
    html::table(&heads, &rows)
}

/// The first row of the first ranking against all others.
fn against_the_best(part: &PartSummary) -> String {
    let Some(ranking) = part.rankings.first() else { return String::new() };
    let Some(best) = ranking.rows.first() else { return String::new() };
    let pairs = ranking.pairs.iter().filter(|pair| pair.better == best.entrant);
    let row = |pair: &crate::summary::Pair| {
        vec![
            Cell::text(&part.entrants[pair.other].label),
            Cell::number(Some(pair.p), &format!("{:.2e}", pair.p).replace('-', "−")),
            Cell::number(Some(pair.effect), &format!("{:.3}", pair.effect)),
        ]
    };
    let rows: Vec<Vec<Cell>> = pairs.map(row).collect();
    format!(
        "<p><b>{}</b> against each other entrant, by Wilcoxon's signed-rank test of the shares of targets of the same runs, after \
         Holm's correction for all pairs; the effect is the probability that a run of the first hits more targets (Vargha and \
         Delaney).</p>{}",
        escape(&part.entrants[best.entrant].label),
        html::table(&["Against", "#p", "#Effect"], &rows)
    )
}

fn problems(part: &PartSummary, number: usize) -> String {
    let row = |(p, problem): (usize, &crate::summary::ProblemInfo)| {
        let share = |e: usize| -> f64 {
            let runs = part.result(p, e).map(|cell| &cell.runs);
            runs.map_or(0.0, |runs| runs.iter().map(|r| r.share()).sum::<f64>() / runs.len().max(1) as f64)
        };
        let best = (0..part.entrants.len()).max_by(|a, b| share(*a).total_cmp(&share(*b)));
        vec![
            Cell::link(&problem.text, &problem_file(number, problem)),
            Cell::text(&problem.group),
            Cell::number(
                Some(problem.dimension as f64),
                &if problem.dimension == 0 { "–".into() } else { problem.dimension.to_string() },
            ),
            Cell::text(&best.map_or(String::new(), |e| part.entrants[e].label.clone())),
            Cell::number(
                best.map(|e| -share(e)),
                &best.map_or(String::new(), |e| format!("{:.0} %", 100.0 * share(e))),
            ),
        ]
    };
    let rows: Vec<Vec<Cell>> = part.problems.iter().enumerate().map(row).collect();
    html::table(&["Problem", "Group", "#Coordinates", "Hits the most", "#Targets hit"], &rows)
}
