//! Runs on landscapes: what they depend on, what they record, and how their ends are named.

use std::sync::atomic::AtomicBool;

use thalweg_lab::Result;
use thalweg_lab::problem::{Batch, path, problem, start_point};
use thalweg_lab::run::{Finished, Outcome, Precision, Run};
use thalweg_lab::study::Start;

fn a_run(problem: &str, optimizer: &str, lr: f64, instance: u64, precision: Precision) -> Run {
    Run {
        problem: problem.into(),
        instance,
        start: "auto of seed 0".into(),
        optimizer: optimizer.into(),
        lr,
        initializer: None,
        seed: 0,
        budget: 500,
        precision,
    }
}

/// The runs, without their seconds, which are no part of what they are.
fn run(runs: &[Run], start: Start) -> Result<Vec<Finished>> {
    let method = runs[0].optimizer.parse()?;
    let stop = AtomicBool::new(false);
    let batch = Batch { method: &method, runs, start, records: true, seconds: None, stop: &stop };
    let mut done = problem(&runs[0].problem)?.run(&batch)?;
    for run in &mut done {
        run.seconds = 0.0;
        run.records.iter_mut().for_each(|record| record.seconds = 0.0);
    }
    Ok(done)
}

/// As text, in which NaN equals itself and every other number is exact.
fn exact(runs: &[Finished]) -> Vec<String> {
    runs.iter().map(|run| format!("{run:?}")).collect()
}

#[test]
fn a_run_is_the_same_alone_and_among_others() -> Result<()> {
    for (name, optimizer) in [
        ("rosenbrock(n=2)", "adam"),
        ("rastrigin(n=6)", "momentum"),
        ("bbob(f=10, dim=3)", "adam"),
        ("himmelblau", "lbfgs(search=strong_wolfe)"),
        ("himmelblau", "schedule_free_sgd"),
        ("beale", "prodigy"),
        ("ellipsoid(n=4)", "soap"),
        ("noise(ellipsoid(n=2), value=0.1)", "adam"),
    ] {
        for precision in [Precision::F64, Precision::F32] {
            let runs: Vec<Run> =
                (1..=3).flat_map(|i| [1e-3, 0.1].map(|lr| a_run(name, optimizer, lr, i, precision))).collect();
            let together = exact(&run(&runs, Start::Auto)?);
            for (k, own) in runs.iter().enumerate() {
                let alone = exact(&run(std::slice::from_ref(own), Start::Auto)?);
                assert_eq!(alone[0], together[k], "{optimizer} on {name}");
            }
        }
    }
    Ok(())
}

#[test]
fn records_and_hits_are_those_of_the_way() -> Result<()> {
    let landscape = thalweg_landscapes::parse("rosenbrock(n=2)")?;
    let own = a_run("rosenbrock(n=2)", "adam", 0.1, 3, Precision::F64);
    let done = &run(std::slice::from_ref(&own), Start::Auto)?[0];
    let start = start_point(&landscape, Start::Auto, 3, 0)?;
    let way = path(&landscape, &"adam".parse()?, 0.1, &start, 500, 0, Precision::F64)?;
    assert!(done.records.len() > 20);
    for record in &done.records {
        let at = record.evaluations as usize - 1;
        assert_eq!(record.value, way.values[at]);
        assert_eq!(record.point, way.points[at]);
        let distance = (record.point[0] - 1.0).hypot(record.point[1] - 1.0);
        assert!((record.distance - distance).abs() < 1e-12);
    }
    assert!(done.records.windows(2).all(|w| w[0].evaluations < w[1].evaluations));
    for (hit, target) in done.hits.iter().zip(problem("rosenbrock(n=2)")?.targets()) {
        let first = way.values[..500].iter().position(|value| value <= target);
        assert_eq!(*hit, first.map(|at| at as u64 + 1));
    }
    Ok(())
}

#[test]
fn ends_have_their_names() -> Result<()> {
    let outcome = |name: &str, optimizer: &str, lr, instance, start| -> Result<Outcome> {
        Ok(run(&[a_run(name, optimizer, lr, instance, Precision::F64)], start)?[0].outcome)
    };
    assert_eq!(outcome("ellipsoid(n=2, condition=10)", "sgd", 0.05, 2, Start::Auto)?, Outcome::Converged);
    assert_eq!(outcome("rosenbrock(n=2)", "sgd", 1.0, 1, Start::Auto)?, Outcome::Diverged);
    assert_eq!(outcome("easom", "sgd", 0.01, 2, Start::Auto)?, Outcome::Plateau);
    assert_eq!(
        outcome("double_well_2d", "sgd", 1e-2, 2, Start::NearSaddle)?,
        Outcome::Saddle { index: 1 },
        "after 500 steps it is still at the saddle"
    );
    assert_eq!(outcome("rosenbrock(n=2)", "adam", 1e-2, 1, Start::Auto)?, Outcome::OutOfBudget);
    // Most basins of Rastrigin's function are not the lowest one.
    let ends = (1..=8).map(|i| outcome("rastrigin(n=2)", "sgd", 1e-3, i, Start::Box));
    let wrong = ends.collect::<Result<Vec<_>>>()?.iter().filter(|end| **end == Outcome::WrongBasin).count();
    assert!(wrong >= 6, "{wrong}");
    Ok(())
}

#[test]
fn every_optimizer_starts_from_the_same_points() -> Result<()> {
    for name in ["double_well_2d", "rosenbrock(n=2)", "ackley(n=2)"] {
        let first = |optimizer: &str| -> Result<Vec<f64>> {
            Ok(run(&[a_run(name, optimizer, 0.01, 4, Precision::F64)], Start::Auto)?[0].records[0]
                .point
                .clone())
        };
        let start = first("sgd")?;
        assert_eq!(start, first("adam")?);
        assert_eq!(start, first("lbfgs(search=strong_wolfe)")?);
    }
    Ok(())
}
