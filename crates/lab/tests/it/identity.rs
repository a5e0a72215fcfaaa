//! Problems that are brought along: what is kept of one is never given out for another of the same name.

use std::sync::atomic::AtomicBool;

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Int, Tensor};
use thalweg_lab::Result;
use thalweg_lab::compare::{Compared, Options, compare};
use thalweg_lab::export::coco;
use thalweg_lab::problem::{OnLandscape, Problem};
use thalweg_lab::store::Store;
use thalweg_lab::study::Study;
use thalweg_lab::summary::summarize;
use thalweg_lab::task::Task;
use thalweg_landscapes::{Facts, Landscape};
use thalweg_train::data::two_moons;

#[derive(Module, Debug)]
struct Moons {
    hidden: Linear,
    output: Linear,
}

/// What the tasks of this file differ in.
#[derive(Clone, Copy)]
struct Form {
    width: usize,
    factor: f64,
    batch: usize,
    data: u64,
    target: f64,
    revision: &'static str,
}

const PLAIN: Form = Form { width: 8, factor: 1.0, batch: 64, data: 1, target: 0.02, revision: "" };

fn task(form: Form) -> Result<impl Problem> {
    let make = move |_, device: &Device| {
        let layer = |from, to| LinearConfig::new(from, to).init(device);
        Ok(Moons { hidden: layer(2, form.width), output: layer(form.width, 1) })
    };
    let loss = move |model: &Moons, (x, labels): &(Tensor<2>, Tensor<1, Int>)| {
        let out = model.output.forward(model.hidden.forward(x.clone()).tanh());
        (out - labels.clone().float().reshape([-1, 1])).square().mean().mul_scalar(form.factor)
    };
    let (train, held_out) = two_moons(60, 0.15, form.data)?.split(40, 1)?;
    Ok(Task::new("moons", make, loss, train, held_out, [0.25, form.target])
        .batch(form.batch)
        .revision(form.revision))
}

fn study(problem: &dyn Problem) -> Result<Study> {
    Study::from_toml(&format!(
        r#"
name = "test"
[[part]]
title = "A part"
problems = ["{}"]
optimizers = ["sgd"]
initializers = {}
tuning_instances = 1
instances = 2
budget = 5
precision = "f32"
tuning = {{ strategy = "grid", trials = 2, lr = [1e-2, 1e-1] }}
"#,
        problem.name(),
        if problem.group() == "task" { r#"["xavier_normal"]"# } else { "[]" },
    ))
}

fn run(problem: &dyn Problem, store: &Store) -> Result<Compared> {
    let study = study(problem)?;
    let stop = AtomicBool::new(false);
    compare(&study, &[problem], store, &Options { jobs: 1, compute_missing: true, stop: &stop }, &|_| {})
}

/// The last values of all runs, as bits.
fn values(compared: &Compared) -> Vec<u64> {
    compared.parts.iter().flatten().flat_map(|job| &job.runs).map(|run| run.value.to_bits()).collect()
}

#[test]
fn a_task_that_was_changed_under_its_name_is_run_again() -> Result<()> {
    let store = Store::in_memory()?;
    let first = run(&task(PLAIN)?, &store)?;
    assert!(first.effort.computed > 0);
    let again = run(&task(PLAIN)?, &store)?;
    assert_eq!((again.effort.computed, again.effort.reused), (0, first.effort.computed));
    let changed = [
        Form { width: 2, ..PLAIN },
        Form { factor: 100.0, ..PLAIN },
        Form { batch: 8, ..PLAIN },
        Form { data: 2, ..PLAIN },
        Form { target: 0.03, ..PLAIN },
        Form { revision: "2", ..PLAIN },
    ];
    for (k, form) in changed.into_iter().enumerate() {
        let next = run(&task(form)?, &store)?;
        assert_eq!((next.effort.computed, next.effort.reused), (first.effort.computed, 0), "change {k}");
        let alone = run(&task(form)?, &Store::in_memory()?)?;
        assert_eq!(values(&next), values(&alone), "change {k}");
    }
    Ok(())
}

#[test]
fn a_landscape_that_was_changed_under_its_name_is_run_again() -> Result<()> {
    let bowl = |factor: f64| {
        let facts = Facts::in_cube(2, -1.0, 1.0).global([0.0; 2], 0.0);
        OnLandscape::new(Landscape::custom("bowl", facts, move |x| x.square().sum().mul_scalar(factor)))
    };
    let store = Store::in_memory()?;
    let first = run(&bowl(1.0)?, &store)?;
    assert_eq!(run(&bowl(1.0)?, &store)?.effort.computed, 0);
    let next = run(&bowl(3.0)?, &store)?;
    assert_eq!((next.effort.computed, next.effort.reused), (first.effort.computed, 0));
    assert_ne!(values(&first), values(&next));
    // The same function, of which something else is known.
    let facts = Facts::in_cube(2, -1.0, 1.0).global([0.0; 2], 0.0).saddle([0.5, 0.5], 1.0, 1, 0);
    let known = OnLandscape::new(Landscape::custom("bowl", facts, |x| x.square().sum()))?;
    assert_eq!(run(&known, &store)?.effort.reused, 0);
    Ok(())
}

#[test]
fn a_problem_of_ones_own_is_never_taken_for_a_shipped_one() -> Result<()> {
    let facts = Facts::in_cube(2, -5.0, 5.0).global([0.0; 2], 0.0);
    let own = OnLandscape::new(Landscape::custom("himmelblau", facts, |x| x.square().sum()))?;
    let shipped = OnLandscape::new("himmelblau".parse::<Landscape>()?)?;
    let store = Store::in_memory()?;
    let first = run(&shipped, &store)?;
    let next = run(&own, &store)?;
    assert_eq!((next.effort.computed, next.effort.reused), (first.effort.computed, 0));
    Ok(())
}

#[test]
fn a_problem_of_ones_own_gets_nothing_of_a_shipped_one_in_the_report() -> Result<()> {
    let facts = Facts::in_cube(2, -5.0, 5.0).global([0.0; 2], 0.0);
    let own = OnLandscape::new(Landscape::custom("himmelblau", facts, |x| x.square().sum()))?;
    let shipped = OnLandscape::new("himmelblau".parse::<Landscape>()?)?;
    let mut infos = vec![];
    for (problem, given) in [(&own, vec![&own as &dyn Problem]), (&shipped, vec![])] {
        let study = study(problem)?;
        let stop = AtomicBool::new(false);
        let options = Options { jobs: 1, compute_missing: true, stop: &stop };
        let compared = compare(&study, &given, &Store::in_memory()?, &options, &|_| {})?;
        infos.push(summarize(&study, &given, &compared.parts)?.parts[0].problems[0].clone());
    }
    let [own, shipped] = [&infos[0], &infos[1]];
    assert!(own.text == shipped.text && own.dimension == shipped.dimension);
    assert!(!own.reads_back && own.formula.is_empty() && own.note.is_empty() && own.source.is_empty());
    assert!(shipped.reads_back && !shipped.formula.is_empty());
    Ok(())
}

#[test]
fn a_problem_of_ones_own_is_no_function_of_bbob() -> Result<()> {
    let facts = Facts::in_cube(2, -5.0, 5.0).global([0.0; 2], 0.0);
    let own = OnLandscape::new(Landscape::custom("bbob(f=1, dim=2)", facts, |x| x.square().sum()))?;
    let compared = run(&own, &Store::in_memory()?)?;
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("coco-own");
    let error = coco(&study(&own)?, &[&own], &compared.parts, &folder).expect_err("there is nothing to export");
    assert!(error.to_string().contains("BBOB") && !folder.exists(), "{error}");
    Ok(())
}
