//! The numbers of the book.

use std::sync::atomic::AtomicBool;

use thalweg_lab::compare::{Options, compare};
use thalweg_lab::store::Store;
use thalweg_lab::study::{Study, shipped};
use thalweg_lab::summary::{Summary, summarize};
use thalweg_landscapes::Landscape;

use super::figures::{landscape, slope, way};
use super::{Item, Made, text};

/// All tables and sentences, by file.
pub const ALL: &[Item] = &[
    ("saddle_steps.md", saddle_steps),
    ("slope.md", slope_speeds),
    ("ravine_steps.md", ravine_steps),
    ("ranking.md", ranking),
    ("widths.md", widths),
    ("builds.md", crate::builds::beside),
    ("first_build.md", crate::builds::first),
];

/// Descent and the two forms of momentum.
pub const FORMS: [(&str, &str); 3] = [
    ("gradient descent", "sgd"),
    ("averaged momentum", "ewa_momentum(beta=0.9)"),
    ("heavy ball", "momentum(momentum=0.9)"),
];

/// The coordinate in whose direction a saddle in two coordinates falls.
pub fn falling(saddle: &Landscape) -> Result<usize, String> {
    Ok(if saddle.evaluate(&[1.0, 0.0]).map_err(text)? < 0.0 { 0 } else { 1 })
}

fn saddle_steps() -> Made {
    let own = landscape("saddle_index_k(n=2, k=1)")?;
    let away = falling(&own)?;
    let mut table = String::from(
        "| from the stable manifold | gradient descent | averaged momentum | heavy ball |\n|---|---|---|---|\n",
    );
    for distance in [1e-2, 1e-4, 1e-6, 0.0] {
        let mut start = [1.0, 1.0];
        start[away] = distance;
        let mut cells = vec![];
        for (_, method) in FORMS {
            let way = way(&own, method, 0.1, &start, 3000)?;
            let steps = way.points.iter().position(|x| x[away].abs() >= 1.0);
            cells.push(steps.map_or("never".into(), |steps| steps.to_string()));
        }
        table += &format!("| {distance:e} | {} |\n", cells.join(" | "));
    }
    Ok(table)
}

fn slope_speeds() -> Made {
    let mut table =
        String::from("| method | distance after 1,000 steps | length of the last step |\n|---|---|---|\n");
    for (label, method) in FORMS.into_iter().chain([
        ("AdaGrad", "notes_adagrad"),
        ("RMSProp", "notes_rmsprop"),
        ("Adam", "notes_adam"),
    ]) {
        let way = way(&slope(), method, 0.01, &[0.0], 1000)?;
        let last = way.points[1000][0] - way.points[999][0];
        table += &format!("| {label} | {:.2} | {last:.2e} |\n", way.points[1000][0]);
    }
    Ok(table)
}

fn ravine_steps() -> Made {
    let own = landscape("ellipsoid(n=2, condition=1000)")?;
    let mut table = String::from("| method | best rate | steps to 1e-8 |\n|---|---|---|\n");
    for (label, method) in FORMS {
        let mut best = (usize::MAX, 0.0);
        for k in 0..40 {
            let lr = 10f64.powf(-6.0 + f64::from(k) / 8.0);
            let way = way(&own, method, lr, &[3.0, 3.0], 20_000)?;
            let steps = way.values.iter().position(|value| *value <= 1e-8).unwrap_or(usize::MAX);
            if steps < best.0 {
                best = (steps, lr);
            }
        }
        table += &format!("| {label} | {:.1e} | {} |\n", best.1, best.0);
    }
    Ok(table)
}

/// The shipped study's landscapes with some of its optimizers; no names stand for all.
pub fn study(problems: &[&str], optimizers: &[&str]) -> Result<Summary, String> {
    let mut study: Study = shipped().map_err(text)?;
    study.parts.truncate(1);
    let part = &mut study.parts[0];
    if !problems.is_empty() {
        part.problems = problems.iter().map(|name| name.to_string()).collect();
    }
    part.optimizers.retain(|own| optimizers.is_empty() || optimizers.contains(&own.label.as_str()));
    let (store, stop) = (Store::in_memory().map_err(text)?, AtomicBool::new(false));
    let compared =
        compare(&study, &[], &store, &Options { jobs: 2, compute_missing: true, stop: &stop }, &|_| {})
            .map_err(text)?;
    summarize(&study, &[], &compared.parts).map_err(text)
}

fn ranking() -> Made {
    let names =
        ["gradient descent", "heavy ball", "AdaGrad", "RMSprop", "Adam", "AdamW", "Adan", "Lion", "L-BFGS"];
    let summary = study(&[], &names)?;
    let part = &summary.parts[0];
    let mut table = String::from("| rank | optimizer | all |");
    let groups: Vec<&str> = part.rankings.iter().skip(1).map(|ranking| ranking.scope.as_str()).collect();
    groups.iter().for_each(|group| table += &format!(" {group} |"));
    table += " decades of rates that work |\n|---|---|---|";
    groups.iter().for_each(|_| table += "---|");
    table += "---|\n";
    for row in &part.rankings[0].rows {
        table += &format!(
            "| {} | {} | {:.0} % |",
            row.rank,
            part.entrants[row.entrant].label,
            100.0 * row.share.value
        );
        for ranking in &part.rankings[1..] {
            let own = ranking.rows.iter().find(|own| own.entrant == row.entrant);
            table += &format!(" {:.0} % |", 100.0 * own.map_or(0.0, |own| own.share.value));
        }
        table += &format!(" {} |\n", row.width.map_or("–".into(), |width| format!("{width:.1}")));
    }
    let runs: usize = part.results.iter().map(|cell| cell.runs.len()).sum();
    Ok(format!(
        "{table}\nThe share of 51 targets hit within {} evaluations on {} landscapes × 15 instances ({runs} runs), each optimizer tuned \
         with {} learning rates on other instances. Equal ranks cannot be told apart.\n",
        part.budget,
        part.problems.len(),
        summary.study.parts[0].tuning.trials
    ))
}

fn widths() -> Made {
    let names = [
        "gradient descent",
        "momentum, averaged (notes)",
        "AdaGrad (notes)",
        "RMSProp (notes)",
        "Adam (notes)",
    ];
    let problems = ["ellipsoid(n=5)", "rotate(ellipsoid(n=5), seed=1)", "rosenbrock(n=2)"];
    let summary = study(&problems, &names)?;
    let part = &summary.parts[0];
    let mut table = format!("| | {} |\n|---|---|---|---|---|---|\n", names.join(" | "));
    for (p, problem) in part.problems.iter().enumerate() {
        let width = |e: usize| {
            part.result(p, e).and_then(|cell| cell.width).map_or("–".into(), |width| format!("{width:.1}"))
        };
        let cells: Vec<String> = (0..part.entrants.len()).map(width).collect();
        table += &format!("| `{}` | {} |\n", problem.text, cells.join(" | "));
    }
    Ok(table)
}
