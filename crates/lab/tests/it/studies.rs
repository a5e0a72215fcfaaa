//! Studies as text, and how their settings are chosen.

use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use thalweg_lab::Result;
use thalweg_lab::compare::{Compared, Options, compare};
use thalweg_lab::store::Store;
use thalweg_lab::study::{Study, shipped};
use thalweg_lab::summary::{summarize, table};

fn run(study: &Study, store: &Store) -> Result<Compared> {
    let stop = AtomicBool::new(false);
    compare(study, &[], store, &Options { jobs: 2, compute_missing: true, stop: &stop }, &|_| {})
}

fn study(tuning: &str) -> Result<Study> {
    Study::from_toml(&format!(
        r#"
name = "test"
[[part]]
title = "A part"
problems = ["rosenbrock(n=2)", "himmelblau"]
optimizers = ["sgd", {{ label = "Adam", optimizer = "adam" }}, "lbfgs"]
tuning_instances = 4
instances = 3
budget = 200
tuning = {{ {tuning} }}
"#
    ))
}

#[test]
fn grids_have_equal_ratios_and_draws_lie_in_their_intervals() -> Result<()> {
    let grid = study(r#"strategy = "grid", trials = 5, lr = [1e-4, 1.0]"#)?;
    let trials = grid.parts[0].tuning.trials_of(&grid.parts[0].methods()?[0], 0);
    let rates: Vec<f64> = trials.iter().map(|trial| trial.lr).collect();
    for (rate, expected) in rates.iter().zip([1e-4, 1e-3, 1e-2, 1e-1, 1.0]) {
        assert!((rate / expected - 1.0).abs() < 1e-12, "{rates:?}");
    }
    let drawn = study(
        r#"strategy = "random", trials = 75, lr = [1e-4, 1.0], ranges = { beta1 = { low = 0.5, high = 0.99 } }"#,
    )?;
    let [sgd, adam, _] = &drawn.parts[0].methods()?[..] else { panic!("three methods were given") };
    let trials = drawn.parts[0].tuning.trials_of(adam, 0);
    assert_eq!(trials, drawn.parts[0].tuning.trials_of(adam, 0), "the same seed gives the same trials");
    assert_ne!(trials, drawn.parts[0].tuning.trials_of(adam, 1));
    for trial in &trials {
        assert!((1e-4..=1.0).contains(&trial.lr));
        let [(name, value)] = &trial.settings[..] else { panic!("one setting is drawn beside the rate") };
        assert!(name == "beta1" && (0.5..=0.99).contains(value));
    }
    let small = trials.iter().filter(|trial| trial.lr < 1e-2).count();
    assert!(
        (20..=55).contains(&small),
        "half of the rates should be in the lower half of the logarithm: {small} of 75"
    );
    assert!(drawn.parts[0].tuning.trials_of(sgd, 0).iter().all(|trial| trial.settings.is_empty()));
    Ok(())
}

#[test]
fn halving_gives_most_instances_to_the_best_third() -> Result<()> {
    let halving = study(r#"strategy = "halving", trials = 9, lr = [1e-6, 1.0]"#)?;
    let compared = run(&halving, &Store::in_memory()?)?;
    let job = &compared.parts[0][1];
    let mut counts: Vec<usize> = job.trials.iter().map(|(_, runs)| runs.len()).collect();
    assert_eq!(counts[job.chosen], 4, "the chosen one was tried on all instances");
    counts.sort_unstable();
    assert_eq!(counts, [1, 1, 1, 1, 1, 1, 3, 3, 4]);
    assert_eq!(job.runs.len(), 3);
    Ok(())
}

#[test]
fn a_changed_study_reuses_what_still_applies() -> Result<()> {
    let store = Store::in_memory()?;
    let mut study = study(r#"strategy = "grid", trials = 5, lr = [1e-4, 1.0]"#)?;
    let first = run(&study, &store)?.effort;
    assert!(first.computed > 0 && first.reused == 0);
    study.parts[0].optimizers.pop();
    study.parts[0].problems.push("beale".into());
    let second = run(&study, &store)?.effort;
    // Two optimizers on the new problem: five trials on four instances and three reported runs each.
    assert_eq!(second.computed, 2 * (5 * 4 + 3));
    assert_eq!(second.reused, 2 * 2 * (5 * 4 + 3));
    study.parts[0].budget = 100;
    assert_eq!(run(&study, &store)?.effort.reused, 0, "another budget makes other runs");
    Ok(())
}

#[test]
fn runs_whose_time_is_up_are_reported_but_not_kept() -> Result<()> {
    let store = Store::in_memory()?;
    let mut study = study(r#"strategy = "untuned""#)?;
    study.parts[0].problems = vec!["rosenbrock(n=2)".into(), "digits".into()];
    study.parts[0].optimizers.truncate(2);
    study.parts[0].seconds = Some(1e-9);
    let compared = run(&study, &store)?;
    assert_eq!(compared.parts[0].len(), 4);
    for run in compared.parts[0].iter().flat_map(|job| &job.runs) {
        assert!(run.is_cut && run.evaluations < 200 && !run.records.is_empty());
    }
    assert_eq!(store.count()?, 0);
    study.parts[0].seconds = Some(1e9);
    assert!(run(&study, &store)?.parts[0].iter().all(|job| job.runs.iter().all(|run| !run.is_cut)));
    assert_eq!(store.count()?, 4 * 3);
    Ok(())
}

#[test]
fn wrong_studies_say_what_is_wrong() {
    let says = |text: &str, sentence: &str| {
        let error = Study::from_toml(text).and_then(|study| study.check(&[])).expect_err(text).to_string();
        assert!(error.contains(sentence), "{error}");
    };
    says("", "missing field `name`");
    says("name = \"x\"\npart = []", "The study has no part");
    let part = |more: &str| format!("name = \"x\"\n[[part]]\ntitle = \"P\"\n{more}");
    let whole = "problems = [\"beale\"]\noptimizers = [\"sgd\"]\nbudget = 10\n";
    says(&part("problems = []\noptimizers = [\"sgd\"]\nbudget = 10"), "there is nothing to run on");
    says(&part("problems = [\"beale\"]\noptimizers = [\"sdg\"]\nbudget = 10"), "did you mean `sgd`?");
    says(
        &part("problems = [\"beale\"]\noptimizers = [\"sgd\", \"sgd\"]\nbudget = 10"),
        "two optimizers are labelled `sgd`",
    );
    says(&part(&format!("{whole}colour = 1")), "unknown field `colour`");
    says(&part(&format!("{whole}seconds = -1.0")), "`seconds` is no time");
    says(&part(&format!("{whole}tuning = {{ lr = [1.0, 0.1] }}")), "the smaller one first");
    let bowl = whole.replace("beale", "ellipsoid(n=2)");
    says(&part(&format!("{bowl}start = \"near_saddle\"")), "has no known saddle");
    says(
        &part("problems = [\"digits\"]\noptimizers = [\"lbfgs\"]\nbudget = 10"),
        "a solver needs the same function",
    );
}

/// The lines of a table that do not depend on the machine.
#[test]
fn tables_are_as_wide_as_asked_and_show_what_ran() -> Result<()> {
    let study = study(r#"strategy = "grid", trials = 5, lr = [1e-4, 1.0]"#)?;
    let compared = run(&study, &Store::in_memory()?)?;
    let summary = summarize(&study, &[], &compared.parts)?;
    for width in [80, 100, 140] {
        let text = table(&summary, width);
        let longest = text.lines().filter(|line| line.starts_with(' ')).map(|line| line.chars().count()).max();
        assert!(longest.is_some_and(|longest| longest <= width), "{text}");
        assert!(
            text.starts_with(
                "\nA part: 2 problems, 3 entrants, 18 runs reported, at most 200 evaluations each\n"
            )
        );
        let scopes: Vec<&str> = text
            .lines()
            .filter(|line| line.trim_start().starts_with("rank"))
            .filter_map(|line| line.split_whitespace().nth(1))
            .collect();
        assert_eq!(scopes, ["all", "ravine", "multimodal"]);
        assert!(text.lines().any(|line| line.trim_start().starts_with("1  lbfgs")), "{text}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn no_text_makes_reading_panic(text in ".{0,200}") {
        let _ = Study::from_toml(&text).and_then(|study| study.check(&[]));
    }

    #[test]
    fn no_damage_to_a_study_makes_reading_panic(at in 0usize..2000, with in ".{0,8}", length in 0usize..12) {
        let mut text = shipped().and_then(|study| study.to_toml()).expect("the shipped study is whole");
        let at = (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let end = (at + length..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(at);
        text.replace_range(at..end, &with);
        let _ = Study::from_toml(&text).and_then(|study| study.check(&[]));
    }
}
