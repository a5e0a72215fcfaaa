//! What a study says is looked at before anything runs; and what two things are called is never the same.

use std::sync::atomic::AtomicBool;

use thalweg_lab::compare::{Compared, Options, compare};
use thalweg_lab::export::{self, file_names};
use thalweg_lab::problem::{path, start_point};
use thalweg_lab::report::figure_names;
use thalweg_lab::run::{Outcome, Precision};
use thalweg_lab::store::Store;
use thalweg_lab::study::{Start, Study};
use thalweg_lab::summary::summarize;
use thalweg_lab::{Error, Result};
use thalweg_landscapes::Landscape;

/// A study of one part.
fn study(problems: &str, optimizers: &str, ranges: &str) -> String {
    format!(
        r#"
name = "test"
[[part]]
title = "A part"
problems = [{problems}]
optimizers = [{optimizers}]
tuning_instances = 1
instances = 2
budget = 20
tuning = {{ strategy = "random", trials = 4, lr = [1e-3, 1e-1], ranges = {{ {ranges} }} }}
"#
    )
}

fn run(study: &Study) -> Result<Compared> {
    let options = Options { jobs: 1, compute_missing: true, stop: &AtomicBool::new(false) };
    compare(study, &[], &Store::in_memory()?, &options, &|_| {})
}

/// What is wrong with a study.
#[track_caller]
fn refused(text: &str, says: &str) {
    let error = Study::from_toml(text).and_then(|study| study.check(&[])).expect_err(text);
    assert!(matches!(error, Error::Study(_)) && error.to_string().contains(says), "{error}");
}

#[test]
fn ranges_are_those_of_settings_and_within_them() {
    let with = |ranges: &str| study(r#""himmelblau""#, r#""adam", "lookahead(sgd(lr=0.1))""#, ranges);
    refused(&with("bta1 = { low = 0.5, high = 0.6 }"), "did you mean `beta1`?");
    refused(&with("lr = { low = 0.5, high = 0.6 }"), "has a range of its own");
    refused(&with("beta1 = { low = 0.5, high = 1.5 }"), "the range of `beta1` does not fit `adam");
    refused(&with("k = { low = -3, high = 5 }"), "the range of `k` does not fit `lookahead");
}

#[test]
fn settings_that_are_whole_numbers_are_tuned_in_whole_numbers() -> Result<()> {
    let text = study(r#""himmelblau""#, r#""lookahead(sgd(lr=0.1))""#, "k = { low = 2, high = 9 }");
    let study = Study::from_toml(&text)?;
    study.check(&[])?;
    let part = &study.parts[0];
    let trials = part.tuning.trials_of(&part.methods()?[0], 0);
    assert!(trials.iter().all(|t| t.settings[0].1.fract() == 0.0 && (2.0..=9.0).contains(&t.settings[0].1)));
    assert_eq!(run(&study)?.parts[0].len(), 1);
    Ok(())
}

#[test]
fn a_problem_counts_once_and_solvers_get_what_they_need() {
    refused(&study(r#""rosenbrock", "rosenbrock(n=2)""#, r#""adam""#, ""), "is given twice");
    let mixed = study(r#""mgh(problem=1)", "rastrigin""#, r#""levenberg_marquardt""#, "");
    refused(&mixed, "needs the residuals of a least-squares problem, and `rastrigin(n=5)` declares none");
    refused(&study(r#""bbob(f=1, dim=2, instance=7)""#, r#""adam""#, ""), "leave `instance` out");
}

/// Moré, Garbow and Hillstrom's problems are what these solvers are for.
#[test]
fn solvers_of_least_squares_run_where_residuals_are_declared() -> Result<()> {
    let problems = r#""mgh(problem=1)", "mgh(problem=7)", "mgh(problem=12)""#;
    let text =
        study(problems, r#""levenberg_marquardt", "gauss_newton""#, "").replace("budget = 20", "budget = 400");
    let study = Study::from_toml(&text.replace("instances = 2\n", "instances = 2\nstart = \"standard\"\n"))?;
    study.check(&[])?;
    let compared = run(&study)?;
    for job in compared.parts.iter().flatten().filter(|job| job.contender == 0) {
        for run in &job.runs {
            assert!(
                run.outcome == Outcome::Converged,
                "{} on {}: {:?}",
                run.run.optimizer,
                run.run.problem,
                run.outcome
            );
            assert!((1..400).contains(&run.evaluations));
        }
    }
    Ok(())
}

#[test]
fn different_texts_have_different_files() -> Result<()> {
    let names = file_names(["Adam!", "adam?", "adam 2", "Adam!", "Ω", "Ж"]);
    let all: Vec<&str> = names.values().map(String::as_str).collect();
    let mut unique = all.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!((all.len(), unique.len()), (5, 5), "{all:?}");
    assert_eq!((names["Adam!"].as_str(), names["adam?"].as_str()), ("adam", "adam-2"));

    let problems = r#""shift(booth, by=0.5)", "shift(booth, by=-0.5)""#;
    let study = Study::from_toml(&study(problems, r#"{ label = "Adam!", optimizer = "adam" }, "sgd""#, ""))?;
    let summary = summarize(&study, &[], &run(&study)?.parts)?;
    let mut figures = figure_names(&summary);
    let count = figures.len();
    figures.sort_unstable();
    figures.dedup();
    assert_eq!(figures.len(), count);
    Ok(())
}

#[test]
fn coco_gets_all_parts_however_they_are_written() -> Result<()> {
    let part = |title: &str, problem: &str| {
        format!(
            "[[part]]\ntitle = \"{title}\"\nproblems = [\"{problem}\"]\noptimizers = [\"adam\"]\ninstances = 2\nbudget = 20\n"
        )
    };
    let text =
        format!("name = \"test\"\n{}{}", part("One", "bbob(f=1,dim=2)"), part("Two", "bbob_sphere(n=5)"));
    let study = Study::from_toml(&text)?;
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("coco-parts");
    let _ = std::fs::remove_dir_all(&folder);
    assert_eq!(export::coco(&study, &[], &run(&study)?.parts, &folder)?, ["adam"]);
    let info = std::fs::read_to_string(folder.join("adam/bbobexp_f1.info")).expect("it is written");
    assert!(info.contains("DIM = 2") && info.contains("DIM = 5") && !info.contains("settings"), "{info}");
    let twice = format!("name = \"test\"\n{}{}", part("One", "bbob(f=1)"), part("Two", "bbob_sphere(n=2)"));
    let study = Study::from_toml(&twice)?;
    let error = export::coco(&study, &[], &run(&study)?.parts, &folder).expect_err("it is in two parts");
    assert!(error.to_string().contains("in two parts"), "{error}");
    Ok(())
}

#[test]
fn the_value_beside_a_point_is_the_value_there() -> Result<()> {
    let landscape: Landscape = "rosenbrock(n=2)".parse()?;
    for method in [
        "lookahead(sgd(lr=1e-3), k=5)",
        "chain([adam, weight_ema(decay=0.9)])",
        "schedule_free_sgd",
        "asgd(t0=3)",
        "adam",
    ] {
        let way = path(&landscape, &method.parse()?, 1e-3, &[-1.2, 1.0], 40, 0, Precision::F64)?;
        for (point, value) in way.points.iter().zip(&way.values) {
            let own = landscape.evaluate(point)?;
            assert!((own - value).abs() <= 1e-12 * own.abs(), "{method}: {value}, but {own} at {point:?}");
        }
    }
    Ok(())
}

#[test]
fn a_late_instance_is_as_cheap_as_the_first() -> Result<()> {
    let landscape: Landscape = "rosenbrock(n=2)".parse()?;
    // It would take hours and all memory to draw the starts before it.
    let late = start_point(&landscape, Start::Box, 3_000_000_000, 0)?;
    assert_eq!(late, start_point(&landscape, Start::Box, 3_000_000_000, 0)?);
    let device = burn::tensor::Device::flex();
    let all: Vec<f64> = landscape.starts(7, 3, &device, burn::tensor::DType::F64).into_data().iter().collect();
    assert_eq!(start_point(&landscape, Start::Box, 7, 3)?, all[12..]);
    for text in ["rosenbrock(n=1e300)", "ellipsoid(n=1e18)", "bbob(f=10, dim=1000000)", "spin_glass(n=1000000)"]
    {
        assert!(text.parse::<Landscape>().is_err(), "{text}");
    }
    Ok(())
}
