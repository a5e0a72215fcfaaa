//! Rankings for a terminal.

use std::fmt::Write;

use super::{PartSummary, RankRow, Ranking, Summary};
use crate::run::Outcome;
use crate::statistics::Estimate;

/// Short words for the kinds of ends.
const ENDS: [&str; 6] = ["conv", "basin", "saddle", "flat", "div", "left"];

/// All rankings as text of at most so many columns, at least 80.
pub fn table(summary: &Summary, width: usize) -> String {
    let mut text = String::new();
    for part in &summary.parts {
        let runs: usize = part.results.iter().map(|cell| cell.runs.len()).sum();
        let line = format!(
            "{}: {} problems, {} entrants, {runs} runs reported, at most {} evaluations each",
            part.title,
            part.problems.len(),
            part.entrants.len(),
            part.budget
        );
        let _ = writeln!(text, "\n{line}");
        part.rankings.iter().for_each(|ranking| one(&mut text, part, ranking, width.max(80)));
    }
    let words: Vec<String> =
        ENDS.iter().zip(Outcome::KINDS).map(|(short, kind)| format!("{short} {kind}")).collect();
    let _ = writeln!(
        text,
        "\nShare of targets hit, and evaluations to the last one, with 95 % intervals. Equal ranks cannot\nbe told apart \
         (Wilcoxon, Holm, 5 %). Decades of learning rates that work: d.\nEnds: {}.",
        words.join(", ")
    );
    text
}

fn one(text: &mut String, part: &PartSummary, ranking: &Ranking, width: usize) {
    // What does not fit into a narrow terminal is left out from the right.
    let (with_rate, with_ends) = (width >= 96, width >= 138);
    let room = 32;
    let mut head =
        format!("{:>4}  {:<room$} {:>6} {:>11} {:>20}", "rank", ranking.scope, "hit", "95 %", "evaluations");
    if with_rate {
        let _ = write!(head, " {:>8} {:>6}", "rate", "works");
    }
    if with_ends {
        ENDS.iter().for_each(|end| head.push_str(&format!(" {end:>6}")));
    }
    let _ = writeln!(text, "\n{}", head.trim_end());
    for row in &ranking.rows {
        let label: String = part.entrants[row.entrant].label.chars().take(room).collect();
        let mut line = format!(
            "{:>4}  {label:<room$} {:>5.1}% {:>11} {:>20}",
            row.rank,
            100.0 * row.share.value,
            format!("{:.1}–{:.1}", 100.0 * row.share.low, 100.0 * row.share.high),
            row.running_time.as_ref().map_or("never".into(), time)
        );
        if with_rate {
            let width = row.width.map_or("–".into(), |w| format!("{w:.1} d"));
            let _ = write!(line, " {:>8} {width:>6}", rate(row));
        }
        if with_ends {
            row.outcomes.iter().for_each(|n| line.push_str(&format!(" {n:>6}")));
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

fn rate(row: &RankRow) -> String {
    row.lr.map_or("–".into(), |lr| format!("{lr:.1e}"))
}

fn time(time: &Estimate) -> String {
    let short = |x: f64| match x {
        x if x.is_infinite() => "∞".to_string(),
        x if x < 1e4 => format!("{x:.0}"),
        x => format!("{:.1}k", x / 1e3),
    };
    format!("{} ({}–{})", short(time.value), short(time.low), short(time.high))
}
